"""What a product shows in a list. The same few queries for any number of cards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from catalog.delivery import DeliveryPromise, delivery_promised
from catalog.families import with_variants
from catalog.models import Kind, Product
from catalog.partner.models import StockRecord
from catalog.partner.strategy import ShopStrategy
from catalog.pictures.selectors import product_images
from catalog.pictures.sources import PictureSources, picture_sources
from catalog.pricing.prices import PriceContext, ResolvedPrice
from catalog.pricing.resolver import prices_resolve
from catalog.pricing.shopper import shopper_context
from catalog.selectors import department_faces, departments
from shop.core.dates import day_shown
from shop.core.money import shown
from shop.core.nearby import Nearby
from shop.core.pagecache import depends, family_tags
from shop.core.prepared import INTEGERS, Prepared

FEW = 5  # units; this many or fewer are counted out loud
COUNTED = 20  # units; a page with more of them does not change when some are sold
SWATCHES_AT_MOST = 6
FACES_SECONDS = 60
#: How it comes where there is no parcel.
HANDED_OVER = {
    Kind.DOWNLOAD: gettext_lazy("Yours at once"),
    Kind.SERVICE: gettext_lazy("By appointment"),
    Kind.VOUCHER: gettext_lazy("Comes by mail"),
}


@dataclass(frozen=True)
class Offer:
    """One thing to buy: a variant or a product without any. ``units`` None: not counted.

    ``price`` is what one costs this shopper now; ``resolved`` knows the rest of it.
    """

    product: Product
    record: StockRecord
    price: Decimal
    currency: str
    units: int | None
    resolved: ResolvedPrice

    @property
    def is_available(self) -> bool:
        return self.units is None or self.units > 0


@dataclass(frozen=True)
class CardFacts:
    """Ready for `components/card.html`: every text is what the reader will see."""

    pk: int
    name: str
    url: str
    picture: PictureSources | None
    now: str
    truth: str
    rating: float | None
    reviews: int
    swatches: tuple[str, ...]
    is_available: bool
    was: str = ""
    badge: str = ""
    badge_tone: str = "plain"
    tier: str = ""


def cards_make(
    products: Iterable[Product], *, offers: Mapping[int, Sequence[Offer]] | None = None
) -> list[CardFacts]:
    """The cards of products that came from `catalog.selectors.products_listed`, in their order.

    ``offers``: what `offers_of` said, where the caller has asked it for these products already.
    """
    products = list(products)
    offers = offers_of(products) if offers is None else offers
    pictures = pictures_of(products)
    promise = delivery_promised()
    return [
        CardFacts(
            pk=product.pk,
            name=product.title,
            url=product.get_absolute_url(),
            picture=next(iter(pictures[product.pk]), None),
            now=price_shown(offers[product.pk]),
            truth=truth_shown(offers[product.pk], promise),
            rating=product.rating,
            reviews=product.reviews_approved,
            swatches=_swatches_of(product),
            is_available=any(offer.is_available for offer in offers[product.pk]),
            **reduction_shown(offers[product.pk]),
        )
        for product in products
    ]


def offers_of(
    products: Sequence[Product], *, context: PriceContext | None = None
) -> dict[int, list[Offer]]:
    """By product id: what can be bought of it, in the order of the variants.

    One query and those of `prices_resolve`. ``context``: for whom; left out, for the one who reads
    the page.
    """
    by_id = {product.pk: product for product in products}
    depends(*family_tags(by_id))
    records = _first_records(by_id)
    prices = prices_resolve(records, context=context or shopper_context())
    strategy = ShopStrategy()
    found: dict[int, list[Offer]] = defaultdict(list)
    for record in records:
        product, price = record.product, prices.get(record.pk)
        if price is None:
            continue
        availability = strategy.availability_policy(product, record)
        found[product.parent_id or product.pk].append(
            Offer(
                product=product,
                record=record,
                price=price.now,
                currency=price.currency,
                units=getattr(availability, "num_available", None),
                resolved=price,
            )
        )
    return found


def _first_records(by_id: Mapping[int, Product]) -> list[StockRecord]:
    """The first stock record serves, as in the basket."""
    first: dict[int, StockRecord] = {}
    for record in _records.read(ids=list(by_id)) if by_id else ():
        if record.product_id in first:
            continue
        first[record.product_id] = record
        if record.product.is_child:
            record.product.parent = by_id[record.product.parent_id]
        else:
            record.product = by_id[record.product_id]
    return list(first.values())


_records: Prepared[StockRecord] = Prepared(
    lambda ids: (
        StockRecord.objects.filter(product__in=with_variants(ids))
        .select_related("product")
        .order_by("product_id", "pk")
    ),
    ids=INTEGERS,
)


def pictures_of(products: Sequence[Product]) -> dict[int, list[PictureSources]]:
    """By product id: its own pictures, then those of its variants. One query."""
    by_id = {product.pk for product in products}
    own: dict[int, list[PictureSources]] = defaultdict(list)
    variants: dict[int, list[PictureSources]] = defaultdict(list)
    for product_id, family, original, facts in _pictures.read(ids=list(by_id)) if by_id else ():
        target, key = (own, product_id) if product_id in by_id else (variants, family)
        if target[key]:  # a card shows one picture
            continue
        if sources := picture_sources(original, facts):
            target[key].append(sources)
    return defaultdict(list, {pk: own[pk] or variants[pk] for pk in by_id})


_pictures: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        product_images()
        .rewrite(False)  # type: ignore[attr-defined]  # none of these columns is translated
        .filter(product__in=with_variants(ids, hidden=True))
        .values_list("product_id", "product__parent_id", "original", "picture_facts")
    ),
    ids=INTEGERS,
)


def price_shown(offers: Sequence[Offer]) -> str:
    """``€12.50``, or ``from €12.50`` where variants differ. What can be bought now counts first."""
    cheapest = cheapest_of(offers)
    if cheapest is None:
        return ""
    amount = shown(cheapest.price, cheapest.currency, get_language() or "en")
    if len({offer.price for offer in _counting(offers)}) > 1:
        return gettext("from %(amount)s") % {"amount": amount}
    return amount


def cheapest_of(offers: Sequence[Offer]) -> Offer | None:
    """The one whose price a card shows."""
    return min(_counting(offers), key=lambda offer: offer.price, default=None)


def _counting(offers: Sequence[Offer]) -> Sequence[Offer]:
    return [offer for offer in offers if offer.is_available] or offers


def reduction_shown(offers: Sequence[Offer]) -> dict[str, str]:
    """What the card says beside the price: what it was, its badge, what several cost."""
    cheapest = cheapest_of(offers)
    if cheapest is None:
        return {}
    price, language = cheapest.resolved, get_language() or "en"
    texts = {}
    if price.was is not None:
        texts["was"] = shown(price.was, price.currency, language)
    if price.labels and cheapest.is_available:
        texts["badge"] = price.labels[0]
        texts["badge_tone"] = "solid" if price.was is not None else "plain"
    if price.tiers:
        tier = price.tiers[0]
        texts["tier"] = ngettext(
            "%(amount)s each for %(units)d", "%(amount)s each for %(units)d", tier.quantity
        ) % {"amount": shown(tier.price, price.currency, language), "units": tier.quantity}
    return texts


def truth_shown(offers: Sequence[Offer], promise: DeliveryPromise | None) -> str:
    """One true line: how many are left, and when it arrives."""
    available = [offer for offer in offers if offer.is_available]
    if not offers:
        return gettext("Not for sale at the moment")
    if not available:
        return gettext("Sold out")
    if handed := HANDED_OVER.get(offers[0].product.get_product_class().kind):
        return str(handed)
    counted = [offer.units for offer in available if offer.units is not None]
    units = sum(counted) if len(counted) == len(available) else None
    day = day_shown(promise.last_day, get_language() or "en") if promise else ""
    left = ngettext("%(units)d left", "%(units)d left", units or 0) % {"units": units or 0}
    if units is None or units > FEW:
        return gettext("Arrives by %(day)s") % {"day": day} if day else gettext("In stock")
    return gettext("%(left)s · arrives by %(day)s") % {"left": left, "day": day} if day else left


def _swatches_of(product: Product) -> tuple[str, ...]:
    """The colours of its variants that can be shown as a dot, each once."""
    return tuple(dict.fromkeys(filter(None, product.colours)))[:SWATCHES_AT_MOST]


def shelves_make() -> list[dict[str, Any]]:
    """The departments that have a picture: their own, or that of their first product."""
    faces = _faces.get()
    shelves = []
    for node in departments():
        if picture := node.picture or faces.get(node.path):
            shelves.append({"name": node.name, "url": node.url, "picture": picture})
    return shelves


def _faces_read() -> dict[str, PictureSources]:
    """By path of the department: the picture of its first product. Kept for a minute."""
    products = department_faces()
    pictures = pictures_of(list(products.values()))
    return {path: pictures[one.pk][0] for path, one in products.items() if pictures[one.pk]}


_faces = Nearby("catalog.faces", _faces_read, seconds=FACES_SECONDS, by_language=False)
