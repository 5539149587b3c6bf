"""What the shop itself has in its sitemaps: products, categories, brands, collections, pages."""

import datetime as dt
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Max
from django.utils.encoding import iri_to_uri

from catalog.facts.models import Brand
from catalog.feeds.addresses import absolute, path_of, product_paths
from catalog.feeds.sitemaps import IMAGES_AT_MOST, PART, Image, Page, Part, section_register
from catalog.listing.collections import collections_public
from catalog.listing.models import ListedProduct
from catalog.models import Category, Product, ProductImage

CHUNK = 2000  # rows fetched at once

# When a family's page changed: its texts, one of its variants, one of its prices.
PARTS = f"""
WITH shown AS (
    SELECT id, date_updated FROM catalogue_product WHERE is_public AND parent_id IS NULL
), changed AS (
    SELECT id AS family, date_updated AS at FROM shown
    UNION ALL
    SELECT v.parent_id, v.date_updated FROM catalogue_product v JOIN shown ON shown.id = v.parent_id
    UNION ALL
    SELECT COALESCE(p.parent_id, p.id), r.moment
    FROM pricing_pricerecord r
    JOIN partner_stockrecord s ON s.id = r.stock_record_id
    JOIN catalogue_product p ON p.id = s.product_id
    JOIN shown ON shown.id = COALESCE(p.parent_id, p.id)
)
SELECT family / {PART}, count(DISTINCT family), max(at) FROM changed GROUP BY 1 ORDER BY 1
"""  # noqa: S608  the number is a constant
PAGES = """
WITH shown AS (
    SELECT id, slug, COALESCE(NULLIF(title_{language}, ''), title_en, title) AS name, date_updated
    FROM catalogue_product WHERE is_public AND parent_id IS NULL AND id >= %s AND id < %s
), members AS (
    SELECT id AS family, id, date_updated FROM shown
    UNION ALL
    SELECT v.parent_id, v.id, v.date_updated
    FROM catalogue_product v JOIN shown ON shown.id = v.parent_id
), changed AS (
    SELECT m.family, GREATEST(max(m.date_updated), max(r.moment)) AS at
    FROM members m
    LEFT JOIN partner_stockrecord s ON s.product_id = m.id
    LEFT JOIN pricing_pricerecord r ON r.stock_record_id = s.id
    GROUP BY m.family
)
SELECT shown.id, shown.slug, shown.name, changed.at
FROM shown JOIN changed ON changed.family = shown.id ORDER BY shown.id
"""


class ProductSection:
    """Families that may be browsed, in ranges of their keys."""

    def parts(self) -> dict[int, Part]:
        with connection.cursor() as cursor:
            cursor.execute(PARTS)
            return {number: Part(pages, at) for number, pages, at in cursor.fetchall()}

    def pages(self, number: int, *, language: str) -> Iterator[Page]:
        low, high = number * PART, (number + 1) * PART
        images = self._images(low, high)
        path = product_paths()
        column = "zh_hans" if language == "zh-hans" else "en"
        with connection.cursor() as cursor:
            cursor.execute(PAGES.format(language=column), [low, high])
            while rows := cursor.fetchmany(CHUNK):
                for pk, slug, title, changed_at in rows:
                    urls = images.get(pk, ())
                    yield Page(
                        path=path(slug, pk),
                        changed_at=changed_at,
                        images=tuple(Image(url, title) for url in urls),
                    )

    def _images(self, low: int, high: int) -> dict[int, list[str]]:
        """By family: addresses of its own pictures and those of its variants, each file once."""
        found: dict[int, list[str]] = defaultdict(list)
        known: set[tuple[int, str]] = set()
        rows = ProductImage.objects.order_by("display_order", "pk")
        own = rows.filter(product_id__gte=low, product_id__lt=high, product__parent=None)
        of_variants = rows.filter(product__parent_id__gte=low, product__parent_id__lt=high)
        pairs: Iterable[tuple[int, str]] = (
            pair
            for part, family in ((own, "product_id"), (of_variants, "product__parent_id"))
            for pair in part.values_list(family, "original").iterator(chunk_size=CHUNK)
        )
        for family, name in pairs:
            if name and (family, name) not in known and len(found[family]) < IMAGES_AT_MOST:
                known.add((family, name))
                found[family] += [image.url for image in _image(name, "")]
        return found


class RowSection(ABC):
    """A kind of which there are few: one range of rows after the other, read anew each time."""

    @abstractmethod
    def rows(self) -> list[Page]:
        """Every page of this kind, in an order that stays."""

    def parts(self) -> dict[int, Part]:
        rows = self.rows()
        return {
            number: _summed(rows[number * PART : (number + 1) * PART])
            for number in range(-(-len(rows) // PART))
        }

    def pages(self, number: int, *, language: str) -> Iterator[Page]:
        return islice(iter(self.rows()), number * PART, (number + 1) * PART)


def _summed(rows: list[Page]) -> Part:
    dates = [row.changed_at for row in rows if row.changed_at]
    return Part(len(rows), max(dates, default=None))


def _image(name: str | None, title: str) -> tuple[Image, ...]:
    """Of a stored file; nothing for no file."""
    return (Image(absolute(iri_to_uri(default_storage.url(name))), title),) if name else ()


class CategorySection(RowSection):
    """When what is in it changed last is when its page did."""

    def rows(self) -> list[Page]:
        changed: dict[str, dt.datetime] = {}
        step = Category.steplen
        places = Product.objects.browsable().values_list("categories__path").order_by()
        for path, at in places.annotate(at=Max("date_updated")):
            for end in range(step, len(path or "") + 1, step):
                changed[path[:end]] = max(at, changed.get(path[:end], at))
        slugs: dict[str, str] = {}
        rows = []
        for category in Category.objects.browsable().order_by("path").only("path", "slug"):
            above = slugs.get(category.path[:-step], "")
            slugs[category.path] = f"{above}/{category.slug}" if above else category.slug
            path = path_of("catalogue:category", category_slug=slugs[category.path], pk=category.pk)
            rows.append(Page(path=path, changed_at=changed.get(category.path)))
        return rows


class BrandSection(RowSection):
    """Brands that have something to show."""

    def rows(self) -> list[Page]:
        shown = Brand.objects.filter(
            products__product__is_public=True, products__product__parent=None
        )
        return [
            Page(
                path=path_of("catalogue:brand", slug=brand.slug),
                changed_at=brand.at,
                images=_image(brand.image.name, brand.name),
            )
            for brand in shown.annotate(at=Max("products__product__date_updated")).order_by("pk")
        ]


class CollectionSection(RowSection):
    def rows(self) -> list[Page]:
        return [
            Page(
                path=path_of("catalogue:collection", slug=one.slug),
                images=_image(one.text.image.name if one.text else "", one.name),
            )
            for one in sorted(collections_public(), key=lambda one: one.pk)
        ]


class PageSection(RowSection):
    """The home page, and the lists that stand on their own while something stands in them."""

    NAMES = (
        "home",
        "catalogue:index",
        "catalogue:new",
        "catalogue:brand-list",
        "catalogue:collection-list",
    )

    def rows(self) -> list[Page]:
        newest = Product.objects.browsable().aggregate(at=Max("date_updated"))["at"]
        names = list(self.NAMES)
        if ListedProduct.objects.filter(sold__gt=0).exists():
            names.append("catalogue:best-sellers")
        if ListedProduct.objects.filter(is_on_offer=True).exists():
            names.append("catalogue:on-offer")
        return [Page(path=path_of(name), changed_at=newest) for name in names]


def register() -> None:
    section_register("pages", PageSection())
    section_register("categories", CategorySection())
    section_register("brands", BrandSection())
    section_register("collections", CollectionSection())
    section_register("products", ProductSection())
