"""The collections of a product, as a part of its form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from promotions.collections import Shelf, shelves_change, shelves_of

SHOWN_MOST = 2000  # characters of keys


class ShelvingMixin:
    """Ticks for the collections that are made by hand; ``shelves`` says where the product stands at all.

    What is written is the difference to what the page showed, so that a colleague's change of a
    collection meanwhile stays. Who may not change collections only reads.
    """

    fields: dict[str, forms.Field]
    initial: dict[str, Any]
    cleaned_data: dict[str, Any]
    shelves: list[Shelf] = []

    def shelving_add(self, product: Product | None, *, may_see: bool, may_change: bool) -> None:
        self.shelves = shelves_of(product) if may_see else []
        by_hand = [one for one in self.shelves if not one.has_rule]
        if not (by_hand and may_change):
            return
        self.fields["collections"] = forms.TypedMultipleChoiceField(
            label=_("Put in by hand"),
            choices=[(one.pk, one.name) for one in by_hand],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["collections_shown"] = forms.CharField(
            required=False, max_length=SHOWN_MOST, widget=forms.HiddenInput
        )
        ticked = [one.pk for one in by_hand if one.by_hand]
        self.initial["collections"] = ticked
        self.initial["collections_shown"] = " ".join(map(str, ticked))

    @property
    def shelves_told(self) -> list[Shelf]:
        """Where it stands and no tick says so."""
        return [
            one
            for one in self.shelves
            if (one.by_hand or one.by_rule) and (one.has_rule or "collections" not in self.fields)
        ]

    def shelving_save(self, product: Product) -> None:
        """Call it in the transaction of the product."""
        if "collections" not in self.fields:
            return
        ticked = set(self.cleaned_data["collections"])
        known = {one.pk for one in self.shelves}
        words = self.cleaned_data["collections_shown"].split()
        shown = {pk for pk in known if str(pk) in words}
        if ticked != shown:
            shelves_change(product=product, put_in=ticked - shown, take_out=shown - ticked)
