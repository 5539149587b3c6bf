"""What the product page shows, put together from the catalogue."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext

from catalog.arrivals import Arrival, arrivals_next
from catalog.cards import COUNTED, FEW, Offer, offers_of, price_shown
from catalog.delivery import DeliveryPromise, country_name, delivery_promised
from catalog.facts.models import Brand, SizeGuide
from catalog.families import with_variants
from catalog.models import Product, ProductAttributeValue, ProductImage
from catalog.pictures.selectors import product_images
from catalog.pictures.sources import PictureSources, picture_sources
from catalog.specs import SpecGroup, brand_of, brand_url, size_guide_of, specs_make
from catalog.variants import (
    Axis,
    Values,
    attribute_values,
    axes_make,
    variant_first,
    variant_values,
)
from shop.core.dates import day_shown
from shop.core.money import shown

SIZE = "size"  # attributes whose code begins so, or "choice_size", are about how big it is


@dataclass(frozen=True)
class GalleryPicture:
    """One picture as `components/gallery.html` takes it."""

    sources: PictureSources
    alt: str

    @property
    def large(self) -> str:
        """For looking closely."""
        return self.sources.large

    @property
    def width(self) -> int:
        return self.sources.width

    @property
    def height(self) -> int:
        return self.sources.height


@dataclass
class ProductPage:
    """Everything above the reviews, for one chosen variant (or the product itself)."""

    product: Product
    offers: list[Offer]
    chosen: Offer | None
    axes: tuple[Axis, ...]
    specs: tuple[SpecGroup, ...]
    pictures: tuple[GalleryPicture, ...]
    promise: DeliveryPromise | None
    country_code: str  # the one that the reader chose, or ""
    arrival: Arrival | None  # of more of the chosen one
    values: Values  # what sets the variants of a family apart

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def price(self) -> str:
        if self.chosen is None:
            return price_shown(self.offers)
        return shown(self.chosen.price, self.chosen.currency, self.language)

    @property
    def url(self) -> str:
        """The address of exactly this choice, to share; from settings, never from the request."""
        there = settings.PUBLIC_URL + self.product.get_absolute_url()
        is_variant = self.chosen is not None and self.chosen.product.pk != self.product.pk
        return f"{there}?variant={self.chosen.product.pk}" if is_variant else there

    @property
    def brand(self) -> Brand | None:
        return brand_of(self.product)

    @property
    def brand_url(self) -> str:
        return brand_url(self.brand) if self.brand else ""

    @property
    def has_elsewhere(self) -> bool:
        return any(axis.has_elsewhere for axis in self.axes)

    @property
    def guide(self) -> SizeGuide | None:
        return size_guide_of(self.product)

    @property
    def guided_axis(self) -> str:
        """Code of the attribute beside which the size guide is offered; "" for the end."""
        codes = [axis.code for axis in self.axes if SIZE in axis.code.split("_")]
        return codes[0] if codes and self.guide else ""

    @property
    def choice_said(self) -> str:
        """What was chosen, for readers who cannot see it: ``Sage, M: €20.00, 3 left``."""
        choice = ", ".join(axis.chosen for axis in self.axes if axis.chosen)
        said = ", ".join(part for part in (self.price, self.stock) if part)
        return f"{choice}: {said}" if choice else said

    @property
    def country(self) -> str:
        """Where the promise holds, as the reader calls it."""
        code = self.promise.country if self.promise else self.country_code
        return country_name(code, self.language)

    @property
    def is_not_served(self) -> bool:
        return self.promise is None and bool(self.country_code)

    @property
    def delivery_days(self) -> str:
        """``Wed 25 Nov – Thu 26 Nov``, or the one day."""
        if self.promise is None:
            return ""
        days = dict.fromkeys(
            day_shown(day, self.language) for day in (self.promise.first_day, self.promise.last_day)
        )
        return " – ".join(days)

    @property
    def delivery_price(self) -> str:
        """What delivery costs, and from where on it does not."""
        if self.promise is None:
            return ""
        charge = shown(self.promise.charge, self.promise.currency, self.language)
        if self.promise.free_from is None:
            return gettext("Delivery %(charge)s") % {"charge": charge}
        if self.chosen and self.chosen.price >= self.promise.free_from:
            return gettext("Delivery is free for this one")
        free = shown(self.promise.free_from, self.promise.currency, self.language)
        return gettext("Delivery %(charge)s, free from %(free)s") % {"charge": charge, "free": free}

    @property
    def can_be_bought(self) -> bool:
        return bool(self.chosen and self.chosen.is_available)

    @property
    def is_sold_out(self) -> bool:
        """It has a price and will perhaps come back."""
        return bool(self.chosen and not self.chosen.is_available)

    @property
    def most(self) -> int | None:
        """The most units that can be taken; None where nothing is counted."""
        return self.chosen.units if self.chosen else None

    @property
    def quantity_max(self) -> int | None:
        """The same for the form, where it is little: a page need not change with every sale."""
        return self.most if self.most is not None and self.most <= COUNTED else None

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
            if self.arrival:
                return gettext("Sold out · back on %(day)s") % {"day": self.arrival_day}
            return gettext("Sold out")
        if self.most is None or self.most > FEW:
            return gettext("In stock")
        return ngettext("%(units)d left", "%(units)d left", self.most) % {"units": self.most}

    @property
    def arrival_day(self) -> str:
        day: dt.date | None = self.arrival.day if self.arrival else None
        return day_shown(day, self.language)

    @property
    def arrival_note(self) -> str:
        """What comes when, where it matters: ``12 more arrive on Wed 2 Dec``."""
        if self.arrival is None:
            return ""
        facts = {"units": self.arrival.units, "day": self.arrival_day}
        return (
            ngettext(
                "%(units)d more arrives on %(day)s",
                "%(units)d more arrive on %(day)s",
                self.arrival.units,
            )
            % facts
        )


def product_page(
    product: Product, *, variant_id: int | None = None, country: str = ""
) -> ProductPage:
    """A fixed number of queries for any number of variants. ``country``: ISO code, "" for home."""
    offers = offers_of([product])[product.pk]
    chosen = variant_first(offers, variant_id)
    values = attribute_values([product, *(offer.product for offer in offers)])
    axes: tuple[Axis, ...] = ()
    known: Values = {}
    if product.is_parent and chosen:
        known = variant_values(values)
        axes = axes_make(offers, known, chosen)
    said = values[product.pk] + _own_facts(values, chosen, product, axes)
    return ProductPage(
        product=product,
        offers=offers,
        chosen=chosen,
        axes=axes,
        specs=specs_make(product, said, chosen.record if chosen else None),
        pictures=_gallery(product, chosen),
        promise=delivery_promised(country),
        country_code=country,
        arrival=_arrival(chosen),
        values=known,
    )


def _arrival(chosen: Offer | None) -> Arrival | None:
    """Asked for only where little or nothing is left."""
    if chosen is None or chosen.units is None or chosen.units > FEW:
        return None
    return arrivals_next([chosen.record.pk]).get(chosen.record.pk)


def _own_facts(
    values: dict[int, list[ProductAttributeValue]],
    chosen: Offer | None,
    product: Product,
    axes: Sequence[Axis],
) -> list[ProductAttributeValue]:
    """What only the chosen variant says, such as its weight; the choice itself is said above."""
    if chosen is None or chosen.product.pk == product.pk:
        return []
    picked = {axis.code for axis in axes}
    return [value for value in values[chosen.product.pk] if value.attribute.code not in picked]


def _gallery(product: Product, chosen: Offer | None) -> tuple[GalleryPicture, ...]:
    """The chosen variant's pictures and those of the family that show the same look.

    A look is the middle of a picture's code, ``480-honey-front``. A family's pictures that have
    none go with every variant.
    """
    variant_id = chosen.product.pk if chosen else product.pk
    images = list(product_images().filter(product__in=with_variants([product.pk], hidden=True)))
    family = [image for image in images if image.product_id == product.pk]
    own = [image for image in images if image.product_id == variant_id]
    if variant_id != product.pk and own:
        looks = {"", *(_look_of(image) for image in own)}
        family = own + [image for image in family if _look_of(image) in looks]
    pictures: dict[str, GalleryPicture] = {}
    for image in family or images[:1]:
        if sources := picture_sources(image.original.name, image.picture_facts):
            alt = image.caption or product.title
            pictures.setdefault(sources.large, GalleryPicture(sources, alt))
    return tuple(pictures.values())


def _look_of(image: ProductImage) -> str:
    return (image.code or "").partition("-")[2].rpartition("-")[0]
