"""The only place that locks guides and pages. One of them at a time, and nothing else with it."""

from catalog.content.models import Article, Page


def article_lock(pk: int) -> None:
    """Two who change a guide or its products wait for each other. Call inside the transaction."""
    list(Article.objects.filter(pk=pk).order_by().select_for_update().values_list("pk"))


def page_lock(pk: int) -> None:
    """Versions are numbered one after the other. Call inside the transaction."""
    list(Page.objects.filter(pk=pk).order_by().select_for_update().values_list("pk"))
