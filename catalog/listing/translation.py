"""Collections have their texts in every language of the shop."""

from modeltranslation.translator import TranslationOptions, register

from catalog.listing.models import CollectionText


@register(CollectionText)
class CollectionTextTranslation(TranslationOptions):
    fields = ("name", "description", "meta_title", "meta_description")
