"""Which texts of brands and size guides exist in every language of the shop."""

from modeltranslation.translator import TranslationOptions, register

from catalog.facts.models import Brand, SizeGuide


@register(Brand)
class BrandTranslation(TranslationOptions):
    fields = ("name", "description", "meta_title", "meta_description")


@register(SizeGuide)
class SizeGuideTranslation(TranslationOptions):
    fields = ("name", "how", "table")
