"""Heads of the pages of reviews and questions. What says nothing yet is not for search engines."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.seo.graph import breadcrumbs
from catalog.seo.head import Head, head_page
from catalog.seo.question_graph import qa_node


def reviews_head(product: Product, page: Mapping[str, Any]) -> Head:
    """``page``: what `opinions.pages.reviews_page` made."""
    filters = page["filters"]
    return _head(
        product,
        _("Reviews"),
        _address(product, "reviews-list"),
        about=_("What people who bought %(title)s say about it, with photos.")
        % {"title": product.title},
        page=page["page_obj"].number,
        is_found=bool(page["reviews"]) and not filters.is_narrowed and filters.sort == "helpful",
    )


def review_head(product: Product, path: str) -> Head:
    """One review is a piece of the page of all of them, and has an address only to be sent."""
    return _head(product, _("Review"), path, is_found=False)


def questions_head(product: Product, page: Mapping[str, Any]) -> Head:
    """``page``: what `opinions.pages.questions_page` made."""
    return _head(
        product,
        _("Questions and answers"),
        _address(product, "questions-list"),
        about=_("What people ask about %(title)s, answered by the shop and by those who bought it.")
        % {"title": product.title},
        page=page["page_obj"].number,
        is_found=bool(page["questions"]) and not page["q"],
    )


def question_head(product: Product, question: Any, path: str) -> Head:
    """A question that nobody answered yet helps nobody who searches."""
    answers = question.shown_answers
    return _head(
        product,
        question.text,
        path,
        about=answers[0].text if answers else "",
        is_found=bool(answers),
        nodes=(qa_node(question, path=path),),
    )


def _head(product: Product, name: str, path: str, *, nodes: tuple = (), **more: Any) -> Head:
    trail = [{"name": product.title, "url": product.get_absolute_url()}]
    crumbs = breadcrumbs(trail, name=name, path=path) if more.get("is_found") else {}
    title = f"{name} · {product.title}"
    return head_page(path, name=title, nodes=(crumbs, *nodes), **more)


def _address(product: Product, url_name: str) -> str:
    names = {"product_slug": product.slug, "product_pk": product.pk}
    return reverse(f"catalogue:{url_name}", kwargs=names)
