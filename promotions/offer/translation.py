"""Shoppers read the names of offers in their basket, in their language."""

from modeltranslation.translator import TranslationOptions, register

from promotions.offer.models import ConditionalOffer


@register(ConditionalOffer)
class ConditionalOfferTranslation(TranslationOptions):
    fields = ("name", "description")
