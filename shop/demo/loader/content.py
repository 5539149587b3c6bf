"""Writing guides with their covers, and the pages about the shop."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from catalog.content.markup import GOODS_LINE, NAME
from catalog.content.models import Article, FaqItem, Page, PageVersion, Topic
from catalog.content.services import (
    article_product_add,
    article_save,
    faq_item_save,
    page_publish,
    page_save,
)
from catalog.models import Product
from shop.demo.catalogue import DATA, Text
from shop.demo.loader.products import Shelved, two
from shop.demo.loader.widths import widths_make
from shop.demo.pictures import ART_PACKAGE, QUALITY
from shop.demo.studio import Piece, Scene, compose

TEXTS = DATA / "content"
FOLDER = "articles/demo"  # under MEDIA_ROOT
SHAPE = (0, 130, 1000, 880)  # of the square that the studio draws: four to three
PLACES: tuple[dict[str, float], ...] = (
    {"size": 0.78, "x": 0.50, "base": 0.80},
    {"size": 0.56, "x": 0.80, "base": 0.765},
    {"size": 0.50, "x": 0.20, "base": 0.755},
)


def content_load(shelved: Shelved, *, now: dt.datetime) -> None:
    """Topics, guides and pages. What the small shop does not sell is left out of the texts."""
    planned = _read("guides.toml")
    topics = {
        key: Topic.objects.create(slug=key, position=place, **two("name", Text(*names)))
        for place, (key, names) in enumerate(planned["topics"].items())
    }
    for row in planned["guides"]:
        _guide(row, topics[row["topic"]], shelved.products, now=now)
    pages_load(now=now)


def pages_load(*, now: dt.datetime) -> None:
    """The pages about the shop, each with the versions that held before."""
    planned = _read("pages.toml")
    questions = planned.pop("faq")
    for place, (slug, row) in enumerate(planned.items()):
        page = Page(slug=slug, kind=row["kind"], place=row["place"], position=place)
        _set(page, "title", Text(*row["title"]))
        for file, days, *notes in row["versions"]:
            _set(page, "body", _text(file) if file else Text("", ""))
            page_save(page)
            version = page_publish(
                page=page, notes=dict(zip(("en", "zh_hans"), notes, strict=True))
            )
            begun = now - dt.timedelta(days=days)
            PageVersion.objects.filter(pk=version.pk).update(valid_from=begun, published_at=begun)
        if row["kind"] == "questions":
            _questions(page, questions)


def _questions(page: Page, rows: Iterable[dict[str, Any]]) -> None:
    for place, row in enumerate(rows):
        item = FaqItem(page=page, position=place)
        _set(item, "question", Text(*row["question"]))
        _set(item, "answer", Text(*row["answer"]))
        faq_item_save(item)


def _guide(
    row: dict[str, Any], topic: Topic, products: dict[str, Product], *, now: dt.datetime
) -> None:
    moment = timezone.localtime(now - dt.timedelta(days=row["days"]))
    article = Article(
        slug=row["slug"],
        topic=topic,
        author=row["author"],
        is_public=True,
        published_at=moment.replace(hour=7, minute=0, second=0, microsecond=0),
        cover=_cover(row["file"], row["art"]),
    )
    texts = {"title": row["title"], "summary": row["summary"], "cover_alt": row["alt"]}
    for name, text in texts.items():
        _set(article, name, Text(*text))
    _set(article, "body", Text(*(_sold_here(text, products) for text in _text(row["file"]))))
    article_save(article)
    for key in row["goods"]:
        if key in products:
            article_product_add(article=article, family_id=products[key].pk)


def _sold_here(text: str, products: dict[str, Product]) -> str:
    """The text without the goods that this shop does not have."""

    def line(found: Any) -> str:
        names = [name for name in NAME.findall(found.group()) if name.strip() in products]
        return " ".join(f"[[{name}]]" for name in names)

    return GOODS_LINE.sub(line, text)


def _cover(name: str, art: list[str]) -> str:
    """The name of a still life of up to three things. A file of an earlier load is kept."""
    stem = f"{FOLDER}/{name}"
    target = Path(settings.MEDIA_ROOT) / f"{stem}.webp"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        pieces = [
            Piece(art=f"{code}.webp", **place) for code, place in zip(art, PLACES, strict=False)
        ]
        drawn, _background = compose(
            Scene(tuple(reversed(pieces))), settings.BASE_DIR / ART_PACKAGE
        )
        drawn.crop(SHAPE).save(target, quality=QUALITY, method=4)
    widths_make([f"{stem}.webp"])
    return f"{stem}.webp"


def _set(row: Any, name: str, text: Text) -> None:
    setattr(row, f"{name}_en", text.en)
    setattr(row, f"{name}_zh_hans", text.zh)


def _text(file: str) -> Text:
    return Text(
        *((TEXTS / f"{file}.{language}.md").read_text("utf-8").strip() for language in ("en", "zh"))
    )


def _read(name: str) -> dict[str, Any]:
    with (TEXTS / name).open("rb") as source:
        return tomllib.load(source)
