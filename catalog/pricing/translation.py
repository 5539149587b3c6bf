"""Shoppers read the names of price lists, in their language."""

from modeltranslation.translator import TranslationOptions, register

from catalog.pricing.models import PriceList


@register(PriceList)
class PriceListTranslation(TranslationOptions):
    fields = ("name",)
