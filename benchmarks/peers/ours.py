"""The first edition of the catalogue in our shop, written by the shop's own loaders."""

from typing import Any

from benchmarks.peers.goods import PICTURES, picture_name
from shop.demo.catalogue import Catalogue, Good


def base_fill(catalogue: Catalogue, goods: list[Good]) -> None:
    """Write ``goods``, their list rows and their search documents."""
    from django.core.management import call_command

    from benchmarks.catalogue import stock_write
    from shop.demo.loader.products import goods_write, shelves_make

    shelved = shelves_make(catalogue)
    goods_write(goods, shelved)
    stock_write(shelved.records.values())
    _pictures_write([shelved.products[good.key] for good in goods])
    call_command("listing_rebuild")
    call_command("search_rebuild")
    _words_of_editions_write()


def _pictures_write(families: list[Any]) -> None:
    from catalog.models import ProductImage
    from catalog.pictures.services import picture_draw, pictures_notice
    from shop.demo.loader.bulk import bulk

    rows = bulk(
        ProductImage(
            product=family, original=picture_name(place % PICTURES), code=f"{family.pk}-front"
        )
        for place, family in enumerate(families)
    )
    for name in pictures_notice({str(row.original) for row in rows}):
        picture_draw(name=name)


def _words_of_editions_write() -> None:
    """What `benchmarks.peers.multiply` adds to every title, for mending what is typed."""
    from catalog.search.services import words_add

    words_add(words={("edition", "en"): 1, ("第", "zh-hans"): 1, ("版", "zh-hans"): 1})
