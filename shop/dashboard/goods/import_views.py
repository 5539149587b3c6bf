"""Bringing products in from a table, and taking them out as one."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shop.core.office import csv_response
from shop.core.sheets import xlsx_response
from shop.dashboard.goods import exporting, jobs
from shop.dashboard.goods.columns import ATTRIBUTE, BY_CODE, COLUMNS, columns_guess
from shop.dashboard.goods.exceptions import JobRefused
from shop.dashboard.goods.finding import products_sorted
from shop.dashboard.goods.forms import FindForm, view_of
from shop.dashboard.goods.imports import BOOK_STOCK, attribute_codes
from shop.dashboard.goods.models import Job, JobKind
from shop.dashboard.goods.reading import MOST_BYTES, MOST_ROWS, table_head

EXAMPLE_LETTERS = 40
FORMATS: dict[str, Callable[..., HttpResponseBase]] = {
    "csv": csv_response,
    "xlsx": xlsx_response,
}


class UploadForm(forms.Form):
    """A table of products. ``heads`` and ``examples``: its first rows."""

    file = forms.FileField(
        label=gettext_lazy("Table of products"),
        help_text=gettext_lazy("CSV in UTF-8 or XLSX, up to 20 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()
        self.heads: list[str] = []
        self.examples: list[list[str]] = []

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large."))
        try:
            self.heads, self.examples = table_head(file.file)
        except JobRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        file.seek(0)
        return file


class MappingForm(forms.Form):
    """Which column of the file is what. A field for each column, guessed from its head."""

    def __init__(self, *args: Any, job: Job, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heads: list[str] = job.told.get("heads", [])
        codes = attribute_codes()
        choices = [
            ("", _("Leave out")),
            *((column.code, column.label) for column in COLUMNS),
            *((f"{ATTRIBUTE}{code}", _("Attribute: %s") % code) for code in codes),
        ]
        chosen = job.told.get("columns") or columns_guess(self.heads, set(codes))
        examples = job.told.get("examples", [])
        for place, head in enumerate(self.heads):
            seen = [row[place] for row in examples if place < len(row) and row[place]]
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=head[:80] or _("Column %d") % (place + 1),
                choices=choices,
                required=False,
                initial=chosen[place] if place < len(chosen) else "",
                help_text=", ".join(seen),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for name, code in list(data.items()):  # an error takes its field out of the data
            if code and code in seen:
                self.add_error(name, _("Another column is this one already."))
            seen.add(code)
        if "sku" not in seen and not self.errors:
            self.add_error(None, _("One column must be the SKU: by it products are found again."))
        return data

    def told(self) -> dict[str, Any]:
        return {
            "columns": [
                self.cleaned_data.get(f"column_{place}", "") for place in range(len(self.heads))
            ]
        }


def product_import(request: HttpRequest) -> HttpResponse:
    """The upload. What is in the file is asked and shown on the page of its job."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        examples = [[text[:EXAMPLE_LETTERS] for text in row] for row in form.examples]
        told = {"heads": form.heads, "examples": examples, "language": get_language()}
        job = jobs.job_make(
            kind=JobKind.IMPORT,
            told=told,
            key=form.cleaned_data["key"],
            user_id=request.user.pk,
            name=file.name,
            file=file,
        )
        return redirect("dashboard:product-job", pk=job.pk)
    context = {
        "form": form,
        "columns": [{"code": code, "label": column.label} for code, column in BY_CODE.items()],
        "attributes": [f"{ATTRIBUTE}{code}" for code in attribute_codes()],
        "may_stock": request.user.has_perm(BOOK_STOCK),
        "most": MOST_ROWS,
    }
    return render(request, "goods/import.html", context, status=422 if form.errors else 200)


def product_export(request: HttpRequest) -> HttpResponseBase:
    """What the list finds, as a table. Its columns are those that an import takes."""
    make = FORMATS.get(request.GET.get("format", ""))
    if make is None:
        messages.error(request, _("Choose CSV or XLSX."))
        return redirect("dashboard:catalogue-product-list")
    form = FindForm(request.GET, view=view_of(request.GET.get("view", "")))
    ids = list(products_sorted(form.search()).values_list("pk", flat=True))
    name = f"products-{timezone.localdate().isoformat()}"
    return make(name=name, head=exporting.export_head(), rows=exporting.export_rows(ids))
