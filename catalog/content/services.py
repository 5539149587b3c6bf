"""Writing guides and pages. Each says with `content_changed` what readers now see differently."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.content.exceptions import ContentRefused
from catalog.content.locks import article_lock, page_lock
from catalog.content.markup import goods_in, html_made, minutes_of, names_in
from catalog.content.models import Article, ArticleProduct, FaqItem, Page, PageVersion, Topic
from catalog.content.news import GUIDES, LINKS, article_tag, content_changed, page_tag
from catalog.feeds.addresses import path_of
from catalog.models import Product
from catalog.moved.services import path_leave

LANGUAGES = [code.replace("-", "_") for code, _name in settings.LANGUAGES]
GOODS_AT_MOST = 24  # beside one guide
JUST_NOW = dt.timedelta(minutes=5)  # a form that says "now" is filled in for a while


def families_named(names: Iterable[str]) -> dict[str, int]:
    """Ids of families by what a text calls them: the SKU or barcode of one, or its address."""
    wanted = {name.lower(): name for name in names}
    if not wanted:
        return {}
    fits = Q()
    for name in wanted:
        fits |= Q(stockrecords__partner_sku__iexact=name) | Q(upc__iexact=name)
        fits |= Q(slug__iexact=name)
    rows = Product.objects.filter(fits).values_list(
        "pk", "parent_id", "slug", "upc", "stockrecords__partner_sku"
    )
    found: dict[str, int] = {}
    for pk, parent_id, *called in rows.order_by("-pk"):
        for one in called:
            if one and one.lower() in wanted:
                found[wanted[one.lower()]] = parent_id or pk
    return found


@transaction.atomic
def article_save(article: Article) -> Article:
    """Write a guide, make its HTML, and note which products its text shows."""
    if article.pk:
        article_lock(article.pk)
    _address_left(article, kind="article", name="content:guide")
    texts = {code: getattr(article, f"body_{code}") or "" for code in LANGUAGES}
    families = families_named(name for text in texts.values() for name in names_in(text))
    inside: dict[int, None] = {}
    for code, text in texts.items():
        html = html_made(text, families=families) if text else None
        setattr(article, f"body_html_{code}", html)
        setattr(article, f"minutes_{code}", minutes_of([text]) if text else None)
        inside |= dict.fromkeys(goods_in(html or ""))
    article.minutes_en = article.minutes_en or 1
    if article.is_public and article.published_at is None:
        article.published_at = timezone.now()
    article.save()
    article.links.filter(is_inside=True).delete()
    ArticleProduct.objects.bulk_create(
        ArticleProduct(article=article, product_id=pk, position=place, is_inside=True)
        for place, pk in enumerate(inside)
    )
    _article_changed(article)
    return article


@transaction.atomic
def article_delete(article: Article) -> None:
    _article_changed(article)
    article.delete()


@transaction.atomic
def article_product_add(*, article: Article, family_id: int) -> None:
    """Put a product at the end of those beside a guide. Raises ``ContentRefused`` when it is full."""
    article_lock(article.pk)
    rows = _beside(article)
    if rows.filter(product=family_id).exists():
        return
    if rows.count() >= GOODS_AT_MOST:
        raise ContentRefused(
            _("At most %(count)d products stand beside a guide.") % {"count": GOODS_AT_MOST}
        )
    last = rows.aggregate(last=Max("position"))["last"]
    ArticleProduct.objects.create(
        article=article, product_id=family_id, position=0 if last is None else last + 1
    )
    _article_changed(article)


@transaction.atomic
def article_product_remove(*, article: Article, family_id: int) -> None:
    """Take it away from beside the guide. Safe to repeat."""
    _beside(article).filter(product=family_id).delete()
    _article_changed(article)


@transaction.atomic
def article_product_move(*, article: Article, family_id: int, step: int) -> None:
    """One place forward (``step`` -1) or back (1). At the end nothing happens."""
    article_lock(article.pk)
    rows = list(_beside(article).order_by("position", "pk"))
    place = next((n for n, row in enumerate(rows) if row.product_id == family_id), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    rows[place], rows[place + step] = rows[place + step], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    ArticleProduct.objects.bulk_update(rows, ["position"])
    _article_changed(article)


@transaction.atomic
def topic_save(topic: Topic) -> Topic:
    topic.save()
    content_changed(GUIDES, *(article_tag(pk) for pk in _articles_of(topic)))
    return topic


@transaction.atomic
def topic_delete(topic: Topic) -> None:
    """Its guides stay, without a topic."""
    content_changed(GUIDES, *(article_tag(pk) for pk in _articles_of(topic)))
    topic.delete()


@transaction.atomic
def page_save(page: Page) -> Page:
    """Keep the words that are worked on, and where the page is linked. Readers see no new words."""
    _address_left(page, kind="page", name="content:page")
    page.save()
    content_changed(LINKS, page_tag(page.pk))
    return page


@transaction.atomic
def page_publish(
    *,
    page: Page,
    valid_from: dt.datetime | None = None,
    notes: dict[str, str] | None = None,
) -> PageVersion:
    """The words of now become a version, valid at once or from ``valid_from`` on.

    ``notes``: what changed, by language code (``en``, ``zh_hans``). Nothing published is rewritten:
    a moment that is over is refused with ``ContentRefused``.
    """
    now = timezone.now()
    if valid_from is None or now - JUST_NOW < valid_from <= now:
        valid_from = now
    elif valid_from < now:
        raise ContentRefused(_("What was valid in the past cannot be changed any more."))
    page_lock(page.pk)
    last = page.versions.aggregate(last=Max("number"))["last"] or 0
    version = PageVersion(page=page, number=last + 1, valid_from=valid_from)
    families = families_named(
        name for code in LANGUAGES for name in names_in(getattr(page, f"body_{code}") or "")
    )
    for code in LANGUAGES:
        text = getattr(page, f"body_{code}") or ""
        setattr(version, f"title_{code}", getattr(page, f"title_{code}"))
        setattr(version, f"body_{code}", text or None)
        html = html_made(text, families=families) if text else None
        setattr(version, f"body_html_{code}", html)
        setattr(version, f"note_{code}", (notes or {}).get(code) or None)
    version.body_en, version.body_html_en = version.body_en or "", version.body_html_en or ""
    version.note_en = version.note_en or ""
    version.save()
    content_changed(LINKS, page_tag(page.pk))
    return version


@transaction.atomic
def page_version_withdraw(version: PageVersion) -> None:
    """Take back a version that has not begun. Raises ``ContentRefused`` for one that has."""
    if version.valid_from <= timezone.now():
        raise ContentRefused(_("This version holds already; publish another one after it."))
    version.delete()
    content_changed(LINKS, page_tag(version.page_id))


@transaction.atomic
def page_delete(page: Page) -> None:
    """Only what was never published can go. Raises ``ContentRefused`` else."""
    if page.versions.exists():
        raise ContentRefused(
            _("What was published is kept; take the page out of the shop instead.")
        )
    content_changed(LINKS, page_tag(page.pk))
    page.delete()


@transaction.atomic
def faq_item_save(item: FaqItem) -> FaqItem:
    for code in LANGUAGES:
        text = getattr(item, f"answer_{code}") or ""
        setattr(item, f"answer_html_{code}", html_made(text) if text else None)
    item.answer_html_en = item.answer_html_en or ""
    item.save()
    content_changed(page_tag(item.page_id))
    return item


@transaction.atomic
def faq_item_delete(item: FaqItem) -> None:
    content_changed(page_tag(item.page_id))
    item.delete()


def _address_left(row: Article | Page, *, kind: str, name: str) -> None:
    """Call before ``row`` is saved: its old address leads to the new one from now on."""
    rows = type(row).objects.filter(pk=row.pk).values_list("slug", flat=True)
    old = rows.first() if row.pk else None
    if old and old != row.slug:
        path_leave(
            kind=kind, key=row.pk, old=path_of(name, slug=old), new=path_of(name, slug=row.slug)
        )


def _beside(article: Article):
    return ArticleProduct.objects.filter(article=article, is_inside=False)


def _articles_of(topic: Topic) -> list[int]:
    return list(topic.articles.values_list("pk", flat=True)) if topic.pk else []


def _article_changed(article: Article) -> None:
    content_changed(GUIDES, article_tag(article.pk))
