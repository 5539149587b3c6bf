"""What an order's page is made of: its rows, papers and lines as templates take them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.pictures.sources import PictureSources, picture_sources


@dataclass(frozen=True)
class Fact:
    """A row of `components/summary.html` or `components/facts.html`."""

    name: str
    value: str
    kind: str = ""
    note: str = ""


@dataclass(frozen=True)
class ShownPaper:
    """An invoice or a credit note, ready to be fetched."""

    name: str
    number: str
    issued_at: dt.datetime
    amount: str
    url: str


@dataclass(frozen=True)
class ShownLine:
    """One thing in the order."""

    title: str
    quantity: int
    amount: str
    unit: str
    picture: PictureSources | None
    url: str
    state: str = ""


def picture_of(product: Any) -> PictureSources | None:
    """The product's first picture, its parent's if it has none of its own.

    ``product`` was read with `catalog.pictures.selectors.product_images`, or knows its picture.
    """
    if "picture_known" in product.__dict__:
        known: PictureSources | None = product.picture_known
        return known
    for one in (product, getattr(product, "parent", None)):
        image = next(iter(one.images.all()), None) if one else None
        sources = picture_sources(image.original.name, image.picture_facts) if image else None
        if sources:
            return sources
    return None


def line_state(units: int, on_way: int, arrived: int) -> str:
    """How far the units of one line are, in words: those that came, that left, that wait."""
    if arrived >= units:
        return _("Arrived")
    if on_way >= units:
        return _("On its way")
    if not on_way + arrived:
        return _("Not sent yet")
    parts = [
        (arrived, _("%(units)s arrived")),
        (on_way, _("%(units)s on the way")),
        (units - on_way - arrived, _("%(units)s not sent yet")),
    ]
    return " · ".join(words % {"units": number} for number, words in parts if number)


def line_shown(line: Any, money: Any, tax: str, state: str = "") -> ShownLine:
    """``tax``: ``incl`` or ``excl``, as prices were shown."""
    product = line.product
    unit = getattr(line, f"line_price_before_discounts_{tax}_tax") / line.quantity
    return ShownLine(
        title=product.get_title() if product else line.title,
        quantity=line.quantity,
        amount=money(getattr(line, f"line_price_{tax}_tax")),
        unit=money(unit) if line.quantity > 1 else "",
        picture=picture_of(product) if product else None,
        url=product.get_absolute_url() if product and product.is_public else "",
        state=state,
    )
