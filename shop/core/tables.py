"""Tables that people send: pasted, or as a CSV file. All of it is taken or nothing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 1_000_000


class TableRefused(Exception):
    """``errors`` are sentences in the reader's language, each names its row."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def table_field(
    *, example: str, help_text: Any, lines: int = 5, most_bytes: int = MOST_BYTES
) -> forms.CharField:
    """Where rows are pasted; ``most_bytes`` holds for a file too."""
    return forms.CharField(
        label=_("Paste rows"),
        required=False,
        max_length=most_bytes,
        widget=forms.Textarea(attrs={"rows": lines, "placeholder": example}),
        help_text=help_text,
    )


class TableForm(forms.Form):
    """A table, pasted or as a file; the file goes first. ``sent_as``: the field that it came by.

    A subclass names its ``table`` with `table_field`; its ``table_take`` reads the rows and raises
    ``TableRefused``.
    """

    table_take: Callable[[str], None]
    encodings: tuple[str, ...] = ("utf-8-sig",)  # of a file, the likeliest first

    table = table_field(example="", help_text="")
    file = forms.FileField(label=_("or a CSV file"), required=False)
    sent_as = "table"

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        most: Any = self.fields["table"]
        if file and file.size > most.max_length:
            raise forms.ValidationError(_("This file is too large."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        file, text = data.get("file"), data.get("table", "")
        self.sent_as = "file" if file else "table"
        if file:
            read = self._text_of(file.read())
            if read is None:
                self.add_error("file", _("This file is not UTF-8 text."))
                return data
            text = read
        try:
            self.table_take(text)
        except TableRefused as refusal:
            for error in refusal.errors:
                self.add_error(self.sent_as, error)
        return data

    def _text_of(self, content: bytes) -> str | None:
        for encoding in self.encodings:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        return None
