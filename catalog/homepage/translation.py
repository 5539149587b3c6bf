"""Which texts of the home page and of notices exist in every language of the shop."""

from modeltranslation.translator import TranslationOptions, register

from catalog.homepage.models import Block, Notice


@register(Block)
class BlockTranslation(TranslationOptions):
    fields = ("title", "text", "text_html", "label", "second_label", "picture_alt")


@register(Notice)
class NoticeTranslation(TranslationOptions):
    fields = ("text",)
