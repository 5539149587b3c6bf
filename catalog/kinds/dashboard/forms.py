"""What an operator says about sets, files and services."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.kinds.models import DAYS, DOWNLOADS
from catalog.models import Product

LOOKS_LIKE = 6  # products named when a word fits several


class SetForm(forms.Form):
    """Either a price or a percentage."""

    price = forms.DecimalField(
        label=_("Price of the set, tax included"),
        required=False,
        max_digits=10,
        decimal_places=2,
        min_value=Decimal("0.01"),
    )
    percent = forms.DecimalField(
        label=_("Or percent off its parts"),
        required=False,
        max_digits=4,
        decimal_places=1,
        min_value=Decimal("0.1"),
        max_value=Decimal("99.9"),
    )
    pick = forms.IntegerField(
        label=_("How many to choose"),
        required=False,
        min_value=2,
        max_value=20,
        help_text=_("Empty: the set is all of its parts. A number: shoppers choose so many."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (data.get("price") is None) == (data.get("percent") is None):
            raise forms.ValidationError(_("Give a price or a percentage, one of the two."))
        return data


class PartForm(forms.Form):
    """``product`` after validation: the one that the SKU or the words name."""

    q = forms.CharField(label=_("SKU or title"), max_length=120)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=50, initial=1)

    def clean_q(self) -> str:
        text = self.cleaned_data["q"].strip()
        products = Product.objects.select_related("parent__product_class", "product_class")
        exact = products.filter(Q(upc__iexact=text) | Q(stockrecords__partner_sku__iexact=text))
        found = list(exact.distinct()[:2]) or self._by_title(products, text)
        if not found:
            raise forms.ValidationError(_("Nothing has this SKU or title."))
        if len(found) > 1:
            names = ", ".join(one.get_title() for one in found[:LOOKS_LIKE])
            text = _("Several fit: %(names)s. Please say more of the title, or the SKU.")
            raise forms.ValidationError(text % {"names": names})
        self.product = found[0]
        return text

    @staticmethod
    def _by_title(products: Any, text: str) -> list[Product]:
        families = products.exclude(structure=Product.CHILD)
        named = families.filter(Q(title_en__iexact=text) | Q(title_zh_hans__iexact=text))
        words = Q()
        for word in text.split()[:6]:
            words &= Q(title_en__icontains=word) | Q(title_zh_hans__icontains=word)
        return list(named[:2]) or list(families.filter(words).order_by("pk")[: LOOKS_LIKE + 1])


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"))
    downloads = forms.IntegerField(
        label=_("Downloads per unit"), min_value=1, max_value=1000, initial=DOWNLOADS
    )
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=3650, initial=DAYS)


class NextStepsForm(forms.Form):
    text_en = forms.CharField(
        label=_("What happens next (English)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )
    text_zh_hans = forms.CharField(
        label=_("What happens next (Chinese)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "zh-Hans"}),
    )
