"""Makers of guides and pages, through the services, as the office does it.

article_made("wool", body="## Wash it cold")        shown since an hour
page_made("terms", kind=PageKind.LEGAL, body="…")    published, valid since now
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from catalog.content.models import Article, Page
from catalog.content.services import article_product_add, article_save, page_publish, page_save
from catalog.models import Product

HOUR = dt.timedelta(hours=1)


def article_made(slug: str, *, goods: list[Product] | None = None, **facts: Any) -> Article:
    facts = {
        "title_en": f"About {slug}",
        "body_en": "Some words.",
        "is_public": True,
        "published_at": timezone.now() - HOUR,
        **facts,
    }
    article = article_save(Article(slug=slug, **facts))
    for product in goods or ():
        article_product_add(article=article, family_id=product.pk)
    return article


def page_made(
    slug: str, *, body: str = "Some words.", is_published: bool = True, **facts: Any
) -> Page:
    facts = {"title_en": slug.capitalize(), "body_en": body, **facts}
    page = page_save(Page(slug=slug, **facts))
    if is_published:
        page_publish(page=page)
    return page
