"""What an operator types about old addresses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.moved.exceptions import RedirectsRefused
from catalog.moved.models import PATH_LENGTH, Redirect
from catalog.moved.table import pair_read, table_read, targets_check
from shop.core.tables import TableForm, table_field

TYPED_AT_MOST = PATH_LENGTH + 200  # a host may stand before it


class RedirectForm(forms.Form):
    """One old address and where it leads. ``row``: the redirect that is being changed."""

    old = forms.CharField(
        label=_("Old address"),
        max_length=TYPED_AT_MOST,
        help_text=_(
            "From its slash on, without the language. It works while nothing else is at this address."
        ),
        widget=forms.TextInput(attrs={"placeholder": "/old-page/", "spellcheck": "false"}),
    )
    new = forms.CharField(
        label=_("Leads to"),
        max_length=TYPED_AT_MOST,
        help_text=_(
            "A page of this shop, copied from the browser or from its slash on. Readers of Chinese"
            " are led to its Chinese page."
        ),
        widget=forms.TextInput(attrs={"placeholder": "/brands/", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, row: Redirect | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        try:
            data["old"], data["new"] = pair_read(data["old"], data["new"])
        except RedirectsRefused as refusal:
            self.add_error(None, refusal.errors[0])
            return data
        for error in targets_check({data["old"]: data["new"]}).values():
            self.add_error("new", error)
        others = Redirect.objects.filter(old_path=data["old"])
        if others.exclude(pk=self.row.pk if self.row else None).exists():
            self.add_error("old", _("This address leads somewhere already; change that redirect."))
        return data


class ImportForm(TableForm):
    """Old addresses and where they lead. ``pairs``: what the table says."""

    table = table_field(
        example="/old-page/,/brands/",
        help_text=_("Old address, new address; one row each. All of them or none."),
        lines=8,
        most_bytes=2_000_000,
    )
    only_check = forms.BooleanField(
        label=_("Only check, change nothing"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs: dict[str, str] = {}

    def table_take(self, text: str) -> None:
        self.pairs = table_read(text)
