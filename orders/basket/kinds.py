"""Putting sets and gift cards into a basket, and saying what became of a set in it."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.kinds.selectors import PartView, SetView
from catalog.models import Option, Product
from orders.basket.exceptions import BasketRefused
from orders.basket.models import Basket, Line
from orders.basket.services import basket_keep, line_add
from shop.core.locks import retry_on_conflict

GIFT = "gift"  # code of the option that carries a buyer's wishes; `orders.handover.wishes` reads it


def set_add(*, basket: Basket, view: SetView, chosen: Mapping[int, int], quantity: int) -> None:
    """Put all parts of ``quantity`` sets into the basket, or nothing.

    ``chosen``: product ids by part, or units by product id where the shopper picks. What is left
    out is what the page showed first. Raises ``BasketRefused`` naming the part that is missing.
    """
    wanted = _picked(view, chosen) if view.pick else _parts(view, chosen)
    basket_keep(basket)
    _products_add(basket, {one: units * quantity for one, units in wanted.items()})


@retry_on_conflict
@transaction.atomic
def _products_add(basket: Basket, wanted: Mapping[Product, int]) -> None:
    for product, units in wanted.items():
        try:
            line_add(basket=basket, product=product, quantity=units)
        except BasketRefused as refusal:
            named = _("%(name)s: %(why)s Nothing was added.")
            facts = {"name": product.get_title(), "why": refusal.message}
            raise BasketRefused(named % facts) from refusal


def _parts(view: SetView, chosen: Mapping[int, int]) -> dict[Product, int]:
    wanted: dict[Product, int] = {}
    for part in view.parts:
        product = _choice(part, chosen.get(part.part.pk))
        wanted[product] = wanted.get(product, 0) + part.quantity
    return wanted


def _choice(part: PartView, product_id: int | None) -> Product:
    if product_id is not None:
        for choice in part.choices:
            if choice.product.pk == product_id:
                return choice.product
        raise BasketRefused(_("Please choose each part of the set from the list."))
    if part.first is None:
        raise BasketRefused(_("%(name)s is not for sale now.") % {"name": part.family.get_title()})
    return part.first.product


def _picked(view: SetView, chosen: Mapping[int, int]) -> dict[Product, int]:
    known = {one.product.pk: one.product for part in view.parts for one in part.choices}
    if chosen.keys() - known.keys() or sum(chosen.values()) != view.pick:
        raise BasketRefused(_("Please choose exactly %(count)d.") % {"count": view.pick})
    return {known[pk]: units for pk, units in sorted(chosen.items()) if units}


def gift_add(*, basket: Basket, product: Product, quantity: int, wishes: dict[str, str]) -> Line:
    """Put gift cards into the basket; the same wishes again are the same line."""
    option, _is_new = Option.objects.get_or_create(
        code=GIFT, defaults={"name": "Gift", "type": Option.TEXT, "required": False}
    )
    return line_add(
        basket=basket,
        product=product,
        quantity=quantity,
        options=[{"option": option, "value": wishes}],
    )


def sets_in(basket: Basket) -> dict[str, int]:
    """Names of the sets whose price is applied, and how often. Offers must have been applied."""
    return {
        str(one["name"]): one["freq"] for one in basket.offer_applications if one["offer"].is_set
    }


def sets_lost(before: Mapping[str, int], basket: Basket) -> str:
    """A sentence about sets that a change broke; empty if none is."""
    now = sets_in(basket)
    lost = [name for name, count in before.items() if now.get(name, 0) < count]
    if not lost:
        return ""
    return _(
        "The price of the set “%(names)s” does not apply any more: a part of it is missing."
    ) % {"names": "”, “".join(lost)}
