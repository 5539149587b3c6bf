"""What a merchant centre is told of each thing that can be bought.

Prices are those that a stranger sees on the product page: `catalog.pricing` is asked, nothing is
reckoned here. All include tax. The facts are Google's, see https://support.google.com/merchants/answer/7052112.
"""

import datetime as dt
import html
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.files.storage import default_storage
from django.utils.encoding import iri_to_uri
from django.utils.html import strip_tags

from catalog.cards import Offer, offers_of
from catalog.delivery import delivery_ways
from catalog.feeds.addresses import absolute, in_language, product_paths
from catalog.feeds.models import Flaw
from catalog.models import Kind, Product, ProductAttributeValue, ProductCategory, ProductImage
from catalog.pricing.models import PriceRecord
from catalog.pricing.prices import PriceContext
from catalog.selectors import category_trail
from catalog.specs import brand_of
from catalog.variants import attribute_values

SENT = (Kind.GOODS, Kind.SET)  # what travels; merchant centres refuse the rest
NAME_LENGTH, TEXT_LENGTH, CODE_LENGTH = 150, 5000, 70
IMAGES_AT_MOST = 11  # the first and ten more
GTIN_LENGTHS = (8, 12, 13, 14)
COLOUR, MATERIAL, SIZE = ("colour", "color"), ("material",), "size"

Fact = tuple[str, "str | list[Fact]"]


@dataclass
class Batch:
    """Some families with all that their items need. Read once, told in every language."""

    families: list[Product]
    offers: dict[int, list[Offer]]
    images: dict[int, list[str]]
    places: dict[int, str]
    values: dict[int, list[ProductAttributeValue]]
    since: dict[int, dt.datetime]
    flaws: list[tuple[int, Flaw, bool]] = field(default_factory=list)
    sellable: list[tuple[Product, Offer]] = field(default_factory=list)


def batch_read(families: Sequence[Product]) -> Batch:
    """The same number of queries for any number of families."""
    sent = [one for one in families if one.get_product_class().kind in SENT]
    offers = offers_of(sent, context=PriceContext())
    variants = [offer.product for found in offers.values() for offer in found]
    records = [offer.record.pk for found in offers.values() for offer in found]
    batch = Batch(
        families=sent,
        offers=offers,
        images=_images([*sent, *variants]),
        places=_places(sent),
        values=attribute_values(list({one.pk: one for one in [*sent, *variants]}.values())),
        since=_since(records),
    )
    for family in sent:
        if not offers.get(family.pk):
            batch.flaws.append((family.pk, Flaw.NO_PRICE, True))
        for offer in offers.get(family.pk, ()):
            _judge(batch, family, offer)
    return batch


def _judge(batch: Batch, family: Product, offer: Offer) -> None:
    """Take an item in or leave it out, and note what is wrong with it."""
    pk = offer.product.pk
    if not _pictures(batch, family, offer):
        batch.flaws.append((pk, Flaw.NO_PICTURE, True))
        return
    if not plain(family.description or ""):
        batch.flaws.append((pk, Flaw.NO_TEXT, False))
    if offer.product.upc and not is_gtin(offer.product.upc):
        batch.flaws.append((pk, Flaw.BAD_CODE, False))
    if len(_name(batch, family, offer)) > NAME_LENGTH:
        batch.flaws.append((pk, Flaw.LONG_NAME, False))
    batch.sellable.append((family, offer))


def items_made(batch: Batch, *, language: str) -> Iterable[list[Fact]]:
    """The facts of each item, in the language that is active and called ``language``. No queries
    but for the tree, which is kept."""
    path = product_paths()
    ways = delivery_ways()
    for family, offer in batch.sellable:
        is_variant = offer.product.pk != family.pk
        link = in_language(path(family.slug, family.pk), language)
        pictures = _pictures(batch, family, offer)
        name = _name(batch, family, offer)
        facts: list[Fact] = [
            ("g:id", str(offer.product.pk)),
            ("g:title", name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"),
            ("g:description", plain(family.description or "")[:TEXT_LENGTH] or name),
            ("g:link", f"{link}?variant={offer.product.pk}" if is_variant else link),
            ("g:image_link", pictures[0]),
            *(("g:additional_image_link", url) for url in pictures[1:]),
            ("g:availability", "in_stock" if offer.is_available else "out_of_stock"),
            *_prices(offer, batch.since.get(offer.record.pk)),
            ("g:condition", "new"),
            *_identity(family, offer),
        ]
        if is_variant:
            facts.append(("g:item_group_id", str(family.pk)))
        facts += _looks(batch.values.get(offer.product.pk, ()), batch.values.get(family.pk, ()))
        place = batch.places.get(family.pk)
        if place and (trail := category_trail(place)):
            facts.append(("g:product_type", " > ".join(node.name for node in trail)))
        facts += [_shipping(way, offer) for way in ways]
        yield facts


def _name(batch: Batch, family: Product, offer: Offer) -> str:
    """The family's, with what makes the variant another one."""
    if offer.product.pk == family.pk:
        return str(family.title)
    said = [
        value.value_as_text for value in batch.values.get(offer.product.pk, ()) if _is_choice(value)
    ]
    return ", ".join([str(family.title), *filter(None, said)])


def _is_choice(value: ProductAttributeValue) -> bool:
    return value.value_option_id is not None


def _pictures(batch: Batch, family: Product, offer: Offer) -> list[str]:
    own = batch.images.get(offer.product.pk, []) if offer.product.pk != family.pk else []
    return list(dict.fromkeys([*own, *batch.images.get(family.pk, [])]))[:IMAGES_AT_MOST]


def _prices(offer: Offer, since: dt.datetime | None) -> list[Fact]:
    """What is struck through, and what is paid now; how long it holds, where that is known."""
    price = offer.resolved
    if price.was is None:
        return [("g:price", money(price.now, price.currency))]
    facts: list[Fact] = [
        ("g:price", money(price.was, price.currency)),
        ("g:sale_price", money(price.now, price.currency)),
    ]
    if price.ends_at and since and since < price.ends_at:
        facts.append(("g:sale_price_effective_date", f"{_moment(since)}/{_moment(price.ends_at)}"))
    return facts


def money(amount: object, currency: str) -> str:
    return f"{amount} {currency}"


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"


def _identity(family: Product, offer: Offer) -> list[Fact]:
    """The numbers by which others know it; said to have none when it has none."""
    brand, code, sku = brand_of(family), offer.product.upc or "", offer.record.partner_sku or ""
    facts: list[Fact] = [("g:brand", brand.name)] if brand else []
    if is_gtin(code):
        facts.append(("g:gtin", code))
    if sku and len(sku) <= CODE_LENGTH:
        facts.append(("g:mpn", sku))
    if not is_gtin(code) and not (brand and sku):
        facts.append(("g:identifier_exists", "no"))
    return facts


def _looks(*found: Iterable[ProductAttributeValue]) -> list[Fact]:
    """Colour, size and material; the variant's own go first."""
    facts: dict[str, str] = {}
    for values in found:
        for value in values:
            code = value.attribute.code
            name = (
                "g:color"
                if code in COLOUR
                else "g:material"
                if code in MATERIAL
                else "g:size"
                if SIZE in code.split("_")
                else ""
            )
            if name and (text := value.value_as_text):
                facts.setdefault(name, text[:100])
    return list(facts.items())


def _shipping(way: object, offer: Offer) -> Fact:
    """One way to the shop's own country, for this thing bought alone."""
    is_free = way.free_from is not None and offer.price >= way.free_from  # type: ignore[attr-defined]
    charge = "0.00" if is_free else way.charge  # type: ignore[attr-defined]
    return (
        "g:shipping",
        [
            ("g:country", way.country),  # type: ignore[attr-defined]
            ("g:service", way.name),  # type: ignore[attr-defined]
            ("g:price", money(charge, way.currency)),  # type: ignore[attr-defined]
        ],
    )


def _images(products: Iterable[Product]) -> dict[int, list[str]]:
    """By product or variant: the addresses of its own pictures. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = ProductImage.objects.filter(product__in={one.pk for one in products})
    for pk, name in rows.order_by("display_order", "pk").values_list("product_id", "original"):
        if name:
            found[pk].append(absolute(iri_to_uri(default_storage.url(name))))
    return found


def _places(families: Iterable[Product]) -> dict[int, str]:
    """By family: the path of its deepest public category. One query."""
    rows = ProductCategory.objects.filter(
        product__in=[one.pk for one in families],
        category__is_public=True,
        category__ancestors_are_public=True,
    )
    return dict(
        rows.order_by("category__depth", "-category__path").values_list(
            "product_id", "category__path"
        )
    )


def _since(records: Iterable[int]) -> dict[int, dt.datetime]:
    """By stock record: since when it costs what it does. One query."""
    rows = PriceRecord.objects.filter(stock_record__in=list(records))
    newest = rows.order_by("stock_record_id", "-moment", "-pk").distinct("stock_record_id")
    return dict(newest.values_list("stock_record_id", "moment"))


def plain(text: str) -> str:
    """Without tags, entities and line ends."""
    return " ".join(html.unescape(strip_tags(text)).split())


def is_gtin(code: str) -> bool:
    """Whether the check digit is right and the number may be used outside of one company (GS1)."""
    if not (code.isascii() and code.isdecimal()) or len(code) not in GTIN_LENGTHS:
        return False
    digits = [int(digit) for digit in code.zfill(14)]
    is_internal = len(code) in (12, 13, 14) and code.zfill(14)[1:3] in INTERNAL
    total = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return total % 10 == 0 and not is_internal and any(digits)


#: Prefixes that every company may use for itself: 02, 04 and 20 to 29.
INTERNAL = {"02", "04", *(str(number) for number in range(20, 30))}
