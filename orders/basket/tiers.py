"""How much more it takes until delivery is free, or until an offer begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.basket.models import Basket
from promotions.offer.models import Condition, ConditionalOffer
from shop.core.money import ZERO, shown


@dataclass(frozen=True)
class Tier:
    """One thing that is within reach. ``words`` say it; the meter shows ``have`` of ``need``."""

    words: str
    have: int
    need: int
    is_reached: bool = False


def tiers_of(basket: Basket, method: Any) -> list[Tier]:
    """Free delivery first, then the nearest offer that asks for more money. No query.

    The offers must have been applied to the basket.
    """
    everybodys = [
        offer
        for offer in getattr(basket, "offers_tried", ())
        if offer.offer_type == ConditionalOffer.SITE and not offer.is_set
    ]
    found = [_free_delivery(basket, method), _next_offer(basket, everybodys)]
    return [tier for tier in found if tier is not None]


def _free_delivery(basket: Basket, method: Any) -> Tier | None:
    minimum = getattr(method, "minimum", None)  # offers on shipping wrap the method
    free_from = minimum(basket.strategy.exchange) if minimum else None
    if not free_from or not basket.is_shipping_required():
        return None
    have = basket.shown_total
    if have >= free_from:
        return Tier(_("Delivery is free."), 1, 1, is_reached=True)
    words = _("%(amount)s more and delivery is free.")
    return Tier(words % {"amount": _money(free_from - have, basket)}, int(have), int(free_from))


def _next_offer(basket: Basket, offers: Sequence[ConditionalOffer]) -> Tier | None:
    """The offer of everybody's that the least money is missing for, in the basket's currency."""
    applied = {one["offer"].pk for one in basket.offer_applications}
    nearest: tuple[Decimal, Decimal, ConditionalOffer] | None = None
    for offer in offers:
        condition = offer.condition
        if condition.type != Condition.VALUE or offer.pk in applied or not offer.is_available():
            continue
        have = sum(
            (line.shown_before for line in basket.all_lines() if _counts(condition, line)),
            ZERO,
        )
        missing = condition.value - have
        if have and missing > 0 and (nearest is None or missing < nearest[0]):
            nearest = (missing, have, offer)
    if nearest is None:
        return None
    missing, have, offer = nearest
    words = _("%(amount)s more and you get “%(offer)s”.")
    facts = {"amount": _money(missing, basket), "offer": offer.name}
    return Tier(words % facts, int(have), int(offer.condition.value))


def _counts(condition: Condition, line: Any) -> bool:
    return bool(line.purchase_info.price.exists and condition.can_apply_condition(line))


def _money(amount: Decimal, basket: Basket) -> str:
    return shown(amount, basket.currency, get_language() or "en")
