"""Offers in a shopper's currency: their amounts are in the shop's own, and converted at the rate."""

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from catalog.exchange.rates import Exchange
from promotions.offer.models import Benefit, Condition, ConditionalOffer

MONEY_BENEFITS = (
    Benefit.FIXED,
    Benefit.FIXED_UNIT,
    Benefit.FIXED_PRICE,
    Benefit.SHIPPING_ABSOLUTE,
    Benefit.SHIPPING_FIXED_PRICE,
)


def offers_convert(offers: Iterable[ConditionalOffer], exchange: Exchange) -> None:
    """Change prepared offers in place; nobody saves them. Nothing for the shop's own currency."""
    for offer in offers:
        offer.exchange = exchange
        if exchange.is_own:
            continue
        condition, benefit = offer.condition, offer.benefit
        if condition.type == Condition.VALUE and condition.value is not None:
            condition.value = exchange.amount(condition.value)
        if benefit.type in MONEY_BENEFITS and benefit.value is not None:
            benefit.value = exchange.amount(benefit.value)


def offers_in(offers: Sequence[ConditionalOffer], exchange: Exchange) -> Sequence[ConditionalOffer]:
    """The same in another currency: copies, for what is kept is everybody's."""
    if exchange.is_own:
        return offers
    copies = [_copied(offer) for offer in offers]
    offers_convert(copies, exchange)
    return copies


def _copied(offer: ConditionalOffer) -> ConditionalOffer:
    own = copy.copy(offer)
    for name in ("condition", "benefit"):
        part: Any = copy.copy(getattr(offer, name))
        own._state.fields_cache[name] = part
    return own
