"""Narrowing the lists, and one pin or ban."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.recommend.models import Shelf, Verdict
from catalog.recommend.services import PLACES

EVERYWHERE, HERE = "everywhere", "here"


class ChoiceForm(forms.Form):
    """``other`` is given by its number, as the lists show it, or by its SKU."""

    verdict = forms.ChoiceField(label=_("What"), choices=Verdict.choices)
    shelf = forms.ChoiceField(
        label=_("List"), required=False, choices=[("", _("Every list")), *Shelf.choices]
    )
    product = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )
    where = forms.ChoiceField(
        label=_("Where"),
        required=False,
        choices=[(HERE, _("Beside this product")), (EVERYWHERE, _("Everywhere"))],
    )
    other = forms.CharField(label=_("Product (SKU or number)"), max_length=64)
    place = forms.IntegerField(
        label=_("Place"), required=False, min_value=1, max_value=PLACES, initial=1
    )
    note = forms.CharField(label=_("Why"), max_length=200, required=False)

    def clean_other(self) -> int:
        """The family that was meant."""
        text = self.cleaned_data["other"].strip()
        found = Product.objects.filter(stockrecords__partner_sku=text).first()
        if found is None:
            found = Product.objects.filter(upc=text).first()
        if found is None and text.isascii() and text.isdecimal() and len(text) <= 18:
            found = Product.objects.filter(pk=int(text)).first()
        if found is None:
            raise forms.ValidationError(_("No product has this SKU or number."))
        return found.parent_id or found.pk

    def wanted(self) -> dict:
        """Keywords for `choice_make`."""
        data = self.cleaned_data
        is_here = data.get("where") != EVERYWHERE and data["shelf"] != Shelf.POPULAR
        return {
            "verdict": data["verdict"],
            "shelf": data["shelf"],
            "product_id": data["product"] if is_here else None,
            "other_id": data["other"],
            "place": data["place"] or 1,
            "note": data["note"],
        }
