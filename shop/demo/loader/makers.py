"""Writing brands, collections and when goods came in, after the goods and their orders."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from zlib import crc32

from django.db.models import Min
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from catalog.facts.models import Brand, ProductFacts
from catalog.listing.models import CollectionText
from catalog.models import Product
from orders.models import Line
from promotions.offer.models import Range, RangeProduct
from shop.core.bulk import rows_update
from shop.demo.catalogue import DATA, Catalogue, Good, Text
from shop.demo.loader.bulk import bulk
from shop.demo.loader.products import Shelved, two


def brands_load(catalogue: Catalogue, shelved: Shelved) -> None:
    """A row per maker whose goods are here, and who made what."""
    used = {good.brand.key for good in catalogue.goods}
    rows = bulk(
        Brand(
            **two("name", brand.name),
            **two("description", brand.about),
            slug=slugify(brand.name.en),
        )
        for brand in catalogue.brands
        if brand.key in used
    )
    by_slug = {row.slug: row for row in rows}
    # Whoever wrote facts of a family before may go on: the maker is added to them.
    ProductFacts.objects.bulk_create(
        [
            ProductFacts(
                product=shelved.products[good.key], brand=by_slug[slugify(good.brand.name.en)]
            )
            for good in catalogue.goods
        ],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["brand"],
    )


def collections_load(catalogue: Catalogue, shelved: Shelved) -> None:
    """Public ranges in the order of the hand, with their texts in both languages."""
    with (DATA / "collections.toml").open("rb") as source:
        planned = tomllib.load(source)
    for slug, row in planned.items():
        keys = list(_keys(row, catalogue.goods))
        if not keys:
            continue
        name, text = (Text(row["en"][place], row["zh"][place]) for place in (0, 1))
        made = Range.objects.create(name=name.en, slug=slug, description=text.en, is_public=True)
        bulk(
            RangeProduct(range=made, product=shelved.products[key], display_order=place)
            for place, key in enumerate(keys)
        )
        CollectionText.objects.create(range=made, **two("name", name), **two("description", text))


def listing_dates_load(*, now: dt.datetime) -> None:
    """Goods came in a little before their first sale; what never sold came lately.

    So "new" means something: without it everything is as old as the load.
    """
    first = dict(
        Line.objects.annotate(family=Coalesce("product__parent_id", "product_id"))
        .values("family")
        .annotate(sold=Min("order__date_placed"))
        .values_list("family", "sold")
    )
    families = list(Product.objects.browsable())
    for family in families:
        days = dt.timedelta(days=1 + crc32(family.slug.encode()) % 20)
        family.date_created = first.get(family.pk, now - days) - days
    rows_update(families, ["date_created"])


def _keys(row: dict[str, Any], goods: Iterable[Good]) -> Iterable[str]:
    by_key = {good.key: good for good in goods}
    if "under" in row:
        most = Decimal(row["under"])
        found = [good for good in by_key.values() if all(one.price < most for one in good.variants)]
        return [good.key for good in sorted(found, key=lambda good: not good.featured)]
    return [key for key in row["goods"] if key in by_key]
