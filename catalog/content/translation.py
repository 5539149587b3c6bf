"""Which texts of guides and pages exist in every language of the shop."""

from modeltranslation.translator import TranslationOptions, register

from catalog.content.models import Article, FaqItem, Page, PageVersion, Topic


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name",)


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "body_html", "minutes", "cover_alt")


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "body")


@register(PageVersion)
class PageVersionTranslation(TranslationOptions):
    fields = ("title", "note", "body", "body_html")


@register(FaqItem)
class FaqItemTranslation(TranslationOptions):
    fields = ("question", "answer", "answer_html")
