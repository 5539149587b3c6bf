"""What the product page shows, put together from the catalogue."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from babel import Locale
from django.db.models import Q
from django.utils.translation import get_language, gettext, ngettext

from catalog.cards import FEW, Offer, offers_of, price_shown
from catalog.delivery import DeliveryPromise, delivery_promised
from catalog.models import Product, ProductAttributeValue, ProductImage
from catalog.partner.strategy import ShopStrategy
from catalog.pictures import PictureSources, picture_sources
from catalog.reviews.models import ProductReview
from catalog.variants import (
    Axis,
    attribute_values,
    axes_make,
    variant_first,
    variant_values,
)
from shop.core.money import shown

REVIEWS_OPEN = 4  # at once; the others on demand
REVIEWS_SHOWN = 40
STARS = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class GalleryPicture:
    """One picture as `components/gallery.html` takes it."""

    src: str
    srcset: str
    thumb: str
    alt: str
    width: int
    height: int


@dataclass
class ProductPage:
    """Everything above the reviews, for one chosen variant (or the product itself)."""

    product: Product
    offers: list[Offer]
    chosen: Offer | None
    axes: list[Axis]
    facts: list[dict[str, str]]
    pictures: list[GalleryPicture]
    promise: DeliveryPromise | None

    @property
    def price(self) -> str:
        if self.chosen is None:
            return price_shown(self.offers)
        return shown(self.chosen.price, self.chosen.currency, get_language() or "en")

    @property
    def tax_note(self) -> str:
        rate = ShopStrategy().tax_rate(self.product) * 100
        return gettext("incl. %(rate)s %% VAT") % {"rate": f"{rate.normalize():f}"}

    @property
    def country(self) -> str:
        """Where the promise holds, as the reader calls it."""
        code = self.promise.country if self.promise else ""
        language = (get_language() or "en").replace("-", "_")
        return Locale.parse(language).territories.get(code, code)

    @property
    def delivery_price(self) -> str:
        """What delivery costs, and from where on it does not."""
        if self.promise is None:
            return ""
        language = get_language() or "en"
        charge = shown(self.promise.charge, self.promise.currency, language)
        if self.promise.free_from is None:
            return gettext("Delivery %(charge)s") % {"charge": charge}
        if self.chosen and self.chosen.price >= self.promise.free_from:
            return gettext("Delivery is free for this one")
        free = shown(self.promise.free_from, self.promise.currency, language)
        return gettext("Delivery %(charge)s, free from %(free)s") % {"charge": charge, "free": free}

    @property
    def can_be_bought(self) -> bool:
        return bool(self.chosen and self.chosen.is_available)

    @property
    def most(self) -> int | None:
        """The most units that can be taken; None where nothing is counted."""
        return self.chosen.units if self.chosen else None

    @property
    def stock_tone(self) -> str:
        if not self.can_be_bought:
            return ""
        return "warn" if self.most is not None and self.most <= FEW else "good"

    @property
    def stock(self) -> str:
        """The truth about stock, in words."""
        if self.chosen is None:
            return gettext("Not for sale at the moment")
        if not self.chosen.is_available:
            return gettext("Sold out")
        if self.most is None or self.most > FEW:
            return gettext("In stock")
        return ngettext("%(units)d left", "%(units)d left", self.most) % {"units": self.most}


def product_page(product: Product, *, variant_id: int | None = None) -> ProductPage:
    """Five queries, whatever the number of variants."""
    children = list(product.children.public().order_by("pk")) if product.is_parent else []
    offers = offers_of([product])[product.pk]
    chosen = variant_first(offers, variant_id)
    values = attribute_values([product, *children])
    axes = []
    if product.is_parent and chosen:
        axes = axes_make(offers, variant_values(values), chosen)
    shown_values = values[product.pk] + _own_facts(values, chosen, product, axes)
    return ProductPage(
        product=product,
        offers=offers,
        chosen=chosen,
        axes=axes,
        facts=[
            {"name": value.attribute.name, "value": value.value_as_text} for value in shown_values
        ],
        pictures=_gallery(product, chosen),
        promise=delivery_promised(),
    )


def _own_facts(
    values: dict[int, list[ProductAttributeValue]],
    chosen: Offer | None,
    product: Product,
    axes: list[Axis],
) -> list[ProductAttributeValue]:
    """What only the chosen variant says, such as its weight; the choice itself is said above."""
    if chosen is None or chosen.product.pk == product.pk:
        return []
    picked = {axis.code for axis in axes}
    return [value for value in values[chosen.product.pk] if value.attribute.code not in picked]


def _gallery(product: Product, chosen: Offer | None) -> list[GalleryPicture]:
    """The chosen variant's pictures and those of the family that show the same look.

    A look is the middle of a picture's code, ``480-honey-front``. A family's pictures that have
    none go with every variant.
    """
    variant_id = chosen.product.pk if chosen else product.pk
    images = list(
        ProductImage.objects.filter(Q(product=product) | Q(product__parent=product)).order_by(
            "display_order", "pk"
        )
    )
    family = [image for image in images if image.product_id == product.pk]
    own = [image for image in images if image.product_id == variant_id]
    if variant_id != product.pk and own:
        looks = {"", *(_look_of(image) for image in own)}
        family = own + [image for image in family if _look_of(image) in looks]
    pictures: dict[str, GalleryPicture] = {}
    for image in family or images[:1]:
        if sources := picture_sources(image.original):
            pictures.setdefault(sources.src, _picture(sources, image.caption or product.title))
    return list(pictures.values())


def _look_of(image: ProductImage) -> str:
    return (image.code or "").partition("-")[2].rpartition("-")[0]


def _picture(sources: PictureSources, alt: str) -> GalleryPicture:
    return GalleryPicture(
        src=sources.src,
        srcset=sources.srcset,
        thumb=sources.small,
        alt=alt,
        width=sources.width,
        height=sources.height,
    )


def reviews_shown(product: Product) -> dict[str, Any]:
    """Approved reviews, newest first, and how many gave how many stars. Two queries."""
    approved = ProductReview.objects.filter(product=product, status=ProductReview.APPROVED)
    scores = Counter(approved.order_by().values_list("score", flat=True))
    total = sum(scores.values())
    newest = approved.select_related("user").order_by("-date_created", "-pk")[:REVIEWS_SHOWN]
    reviews = list(newest) if total else []
    return {
        "reviews": reviews[:REVIEWS_OPEN],
        "more_reviews": reviews[REVIEWS_OPEN:],
        "review_count": total,
        "rating": sum(score * count for score, count in scores.items()) / total if total else None,
        "histogram": [{"stars": stars, "count": scores[stars], "total": total} for stars in STARS],
    }
