from modeltranslation.translator import TranslationOptions, register

from catalog.kinds.models import NextSteps


@register(NextSteps)
class NextStepsTranslation(TranslationOptions):
    fields = ("text",)
