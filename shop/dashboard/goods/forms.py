"""What an operator says about many products."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalog.facts.models import Brand
from catalog.models import Category, Product, ProductClass
from catalog.paths import key_of
from catalog.tree.selectors import INDENT
from shop.dashboard.catalogue.fields import CategoryField
from shop.dashboard.goods.bulk import WANTS, BulkAction
from shop.dashboard.goods.finding import Missing, Search, Sort, Stock, View, facet_counts
from shop.dashboard.goods.models import Job

PICKED_MOST = 1000  # ticked boxes of one page; more come by the search
BIGGEST = 2**62


class FindForm(forms.Form):
    """The filters of the list. Each choice says how many it would find."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Title, SKU or bar code")}
        ),
    )
    category = forms.TypedChoiceField(
        label=_("Category"), required=False, coerce=int, empty_value=0
    )
    brand = forms.TypedChoiceField(label=_("Brand"), required=False, coerce=int, empty_value=0)
    kind = forms.TypedChoiceField(label=_("Type"), required=False, coerce=int, empty_value=0)
    stock = forms.ChoiceField(label=_("Stock"), required=False)
    missing = forms.ChoiceField(label=_("Missing"), required=False)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False, choices=Sort.choices)

    def __init__(self, *args: Any, view: str = View.ALL, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        categories = Category.objects.order_by("path")
        self.names: dict[str, list[tuple[Any, str]]] = {
            "category": [(one.pk, INDENT * (one.depth - 1) + one.name) for one in categories],
            "brand": [(one.pk, one.name) for one in Brand.objects.all()],
            "kind": [(one.pk, one.name) for one in ProductClass.objects.order_by("pk")],
            "stock": list(Stock.choices),
            "missing": list(Missing.choices),
        }
        for name, choices in self.names.items():
            self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    def search(self) -> Search:
        """What was asked; a value that is none is left out."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        return Search(text=data.pop("q", ""), view=self.view, **data)

    def count(self, search: Search) -> dict[str, int]:
        """Write the counts behind the choices; those of the tabs are returned."""
        counts = facet_counts(search)
        for name, choices in self.names.items():
            chosen = getattr(search, name)
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", _("All")),
                *(
                    (value, f"{label} ({counts[name].get(value, 0)})")
                    for value, label in choices
                    if counts[name].get(value) or value == chosen
                ),
            ]
        return counts["view"]


class BulkForm(forms.Form):
    """What to do with the ticked products, or with all that the list finds."""

    action = forms.ChoiceField(
        label=_("What to do"), choices=[("", _("Choose what to do")), *BulkAction.choices]
    )
    everything = forms.BooleanField(required=False)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()

    def _found(self) -> FindForm:
        asked = QueryDict(self.cleaned_data.get("query", ""))
        return FindForm(asked, view=view_of(asked.get("view", "")))

    def clean(self) -> dict[str, Any]:
        """A filter that is gone by now would otherwise widen the list to all products."""
        data = super().clean() or self.cleaned_data
        if data.get("everything") and not self._found().is_valid():
            raise forms.ValidationError(_("A filter of this list is gone; look at it again."))
        return data

    def search(self) -> Search:
        """What the list showed when the box for all of it was ticked."""
        return self._found().search()


def view_of(asked: str) -> str:
    return asked if asked in View.values else View.ALL


def picked_ids(values: list[str]) -> list[int]:
    """Families of ticked rows; what is none, or is gone by now, is left out."""
    ids = {key_of(one) for one in values[:PICKED_MOST]}
    families = Product.objects.exclude(structure=Product.CHILD)
    return list(families.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


class BulkValueForm(forms.Form):
    """The category, brand or number that an action is about."""

    category = CategoryField(label=_("Category"))
    brand = forms.ModelChoiceField(
        label=_("Brand"), queryset=Brand.objects.none(), required=False, empty_label=_("No brand")
    )
    by = forms.DecimalField(max_digits=9, decimal_places=2)

    def __init__(self, *args: Any, job: Job, **kwargs: Any) -> None:
        self.action = BulkAction(job.told["action"])
        initial = {name: job.told.get(name) for name in ("category", "brand", "by")}
        super().__init__(*args, initial=initial, **kwargs)
        wanted = WANTS[self.action]
        for name in list(self.fields):
            if name != wanted:
                del self.fields[name]
        if wanted == "brand":
            self.fields["brand"].queryset = Brand.objects.all()  # type: ignore[attr-defined]
        elif wanted == "by":
            is_percent = self.action == BulkAction.PERCENT
            self.fields["by"].label = _("Percent") if is_percent else _("Amount")
            self.fields["by"].help_text = _("Below nothing takes away: -10")
            self.fields["by"].widget.attrs |= {"inputmode": "text", "step": "0.01"}

    def clean_by(self) -> Decimal:
        by = self.cleaned_data["by"]
        if self.action == BulkAction.PERCENT and not -100 <= by <= 1000:
            raise forms.ValidationError(_("From -100 to 1000 percent."))
        if not by:
            raise forms.ValidationError(_("Nothing would change."))
        return by

    def told(self) -> dict[str, Any]:
        """For the job, as JSON can say it."""
        return {
            name: getattr(value, "pk", None if value is None else str(value))
            for name, value in self.cleaned_data.items()
        }
