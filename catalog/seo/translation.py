"""Rules speak every language of the shop."""

from modeltranslation.translator import TranslationOptions, register

from catalog.seo.models import PageRule


@register(PageRule)
class PageRuleTranslation(TranslationOptions):
    fields = ("title", "description")
    fallback_languages = {"default": ()}
