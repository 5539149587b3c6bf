"""The one place where a price comes from: lists, product page, feed and structured data ask here.

The basket reckons for itself, with the same price lists (`catalog.partner.strategy`) and Oscar's
offers; tests/pricing holds both to the same cent.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from catalog.exchange.rates import currency_prices, exchange_of
from catalog.partner.models import StockRecord
from catalog.pricing.history import Past, pasts_read
from catalog.pricing.labels import labels_made
from catalog.pricing.lists import (
    ListPrice,
    groups_of,
    list_price_chosen,
    list_prices_for,
    list_prices_in,
    list_prices_read,
    own_price,
    unit_price,
)
from catalog.pricing.prices import Outcome, PriceContext, PriceStep, ResolvedPrice, Tier
from catalog.pricing.rules import Answer, Asked, rules
from catalog.pricing.words import moment_shown
from shop.core.money import rounded

OWN = "own"  # code of the step that every price starts with
MOST_TIERS = 6


@dataclass
class _Draft:
    """A record on its way to its price."""

    record: StockRecord
    currency: str
    own: Decimal
    all_prices: list[ListPrice]
    usable: list[ListPrice]
    is_set: bool = False  # its own price was set in a currency that is not the shop's own

    def unit(self, quantity: int) -> Decimal:
        return unit_price(self.usable, own=self.own, quantity=quantity, currency=self.currency)

    def thresholds(self) -> list[int]:
        """Quantities from which on another price holds before offers."""
        found: list[int] = []
        last = self.unit(1)
        for quantity in sorted({price.quantity for price in self.usable if price.quantity > 1}):
            price = self.unit(quantity)
            if price < last and len(found) < MOST_TIERS:
                found.append(quantity)
                last = price
        return found


def prices_resolve(
    records: Sequence[StockRecord], *, context: PriceContext | None = None
) -> dict[int, ResolvedPrice]:
    """By stock record id; records without a price are left out.

    ``record.product`` and its parent must be loaded. Two queries and those of the rules, whatever
    the number of records; one more for a member when a list asks for a group.
    """
    context = context or PriceContext()
    moment = context.moment or timezone.now()
    drafts = _drafts(records, context=context, moment=moment)
    if not drafts:
        return {}
    asked, places = [], []
    for number, draft in enumerate(drafts):
        for quantity in (context.quantity, *draft.thresholds()):
            asked.append(Asked(draft.record, quantity, draft.unit(quantity), draft.currency))
            places.append(number)
    answers = _answers(asked, context=replace(context, moment=moment))
    by_draft: list[list[tuple[Asked, Answer]]] = [[] for _ in drafts]
    for number, question, answer in zip(places, asked, answers, strict=True):
        by_draft[number].append((question, answer))
    pasts = pasts_read([draft.record.pk for draft in drafts], moment=moment)
    return {
        draft.record.pk: _resolved(
            draft,
            found,
            past=_past_in(draft, pasts.get(draft.record.pk)),
            context=context,
            moment=moment,
        )
        for draft, found in zip(drafts, by_draft, strict=True)
    }


def price_resolve(
    record: StockRecord, *, context: PriceContext | None = None
) -> ResolvedPrice | None:
    """The same for one record; None without a price."""
    return prices_resolve([record], context=context).get(record.pk)


def _drafts(
    records: Sequence[StockRecord], *, context: PriceContext, moment: dt.datetime
) -> list[_Draft]:
    exchange = exchange_of(context.currency)
    priced = [
        record
        for record in records
        if record.price is not None
        and (not context.currency or exchange.serves(record.price_currency))
    ]
    lists = list_prices_read([record.pk for record in priced]) if priced else {}
    asks_group = any(price.group_id for prices in lists.values() for price in prices)
    groups = groups_of(context.user_id) if asks_group else frozenset()
    known = currency_prices([record.pk for record in priced], exchange=exchange)
    drafts = []
    for record in priced:
        currency = exchange.currency if context.currency else record.price_currency
        prices = list_prices_in(lists.get(record.pk, []), exchange)
        drafts.append(
            _Draft(
                record=record,
                currency=currency,
                own=own_price(record, exchange, known=known) if context.currency else record.price,
                all_prices=prices,
                usable=list_prices_for(
                    prices,
                    user_id=context.user_id,
                    groups=groups,
                    currency=currency,
                    moment=moment,
                ),
                is_set=record.pk in known,
            )
        )
    return drafts


def _past_in(draft: _Draft, past: Past | None) -> Past | None:
    """The history is in the record's currency. At the rate it still tells what was lowest before
    a reduction; whether now is the lowest of 30 days it tells only in its own."""
    if past is None or draft.currency == draft.record.price_currency:
        return past
    if draft.is_set or past.lowest_before is None:
        return None
    before = exchange_of(draft.currency).price(past.lowest_before)
    return replace(past, lowest_before=before, highest=past.lowest)


def _answers(asked: list[Asked], *, context: PriceContext) -> list[Answer]:
    """Every rule after the other."""
    answers = [Answer(one.unit * one.quantity) for one in asked]
    for rule in rules():
        found = rule.answers(asked, context=context)
        for number, answer in enumerate(found):
            ends = [end for end in (answers[number].ends_at, answer.ends_at) if end]
            saved = asked[number].unit * asked[number].quantity - answer.total
            answers[number] = Answer(
                total=answers[number].total - saved,
                steps=answers[number].steps + answer.steps,
                ends_at=min(ends, default=None),
            )
    return answers


def _resolved(
    draft: _Draft,
    found: list[tuple[Asked, Answer]],
    *,
    past: Past | None,
    context: PriceContext,
    moment: dt.datetime,
) -> ResolvedPrice:
    (main, answer), tiers = found[0], found[1:]
    now = rounded(answer.total / main.quantity, draft.currency)
    own = rounded(draft.own, draft.currency)
    chosen = list_price_chosen(draft.usable, quantity=main.quantity)
    ends = [answer.ends_at, chosen.ends_at if chosen and main.unit < own else None]
    resolved = ResolvedPrice(
        base=main.unit,
        now=now,
        currency=draft.currency,
        total=answer.total,
        regular=own if own > main.unit else None,
        steps=_steps(draft, main, chosen, context, moment) + answer.steps
        if context.explain
        else (),
        tiers=_tiers(tiers, now=now, quantity=main.quantity, currency=draft.currency),
        ends_at=min((end for end in ends if end), default=None),
    )
    if past is not None and resolved.was is not None:
        resolved = replace(resolved, lowest_before=past.lowest_before)
    return replace(resolved, labels=labels_made(resolved, chosen=chosen, past=past))


def _tiers(
    found: list[tuple[Asked, Answer]], *, now: Decimal, quantity: int, currency: str
) -> tuple[Tier, ...]:
    """What more units cost each, offers included; only where each is cheaper than the last."""
    tiers, last = [], now
    for question, answer in found:
        price = rounded(answer.total / question.quantity, currency)
        if question.quantity > quantity and price < last:
            tiers.append(Tier(question.quantity, price))
            last = price
    return tuple(tiers)


def _steps(
    draft: _Draft,
    main: Asked,
    chosen: ListPrice | None,
    context: PriceContext,
    moment: dt.datetime,
) -> tuple[PriceStep, ...]:
    """The record's own price, then every list that names it."""
    own = rounded(draft.own, draft.currency)
    steps = [PriceStep(OWN, gettext("Price of the product"), Outcome.APPLIED, own)]
    for price in sorted(draft.all_prices, key=lambda one: (one != chosen, -one.priority)):
        steps.append(_list_step(price, draft, main, chosen, context, moment))
    return tuple(sorted(steps, key=lambda step: step.outcome != Outcome.APPLIED))


def _list_step(
    price: ListPrice,
    draft: _Draft,
    main: Asked,
    chosen: ListPrice | None,
    context: PriceContext,
    moment: dt.datetime,
) -> PriceStep:
    outcome, why = Outcome.REFUSED, ""
    if price == chosen:
        outcome = Outcome.APPLIED
        why = (
            gettext("Price list, from %(units)d on") % {"units": price.quantity}
            if price.quantity > 1
            else gettext("Price list")
        )
    elif price.currency != draft.currency:
        why = gettext("in another currency")
    elif price.starts_at and price.starts_at > moment:
        why = gettext("starts %(moment)s") % {"moment": moment_shown(price.starts_at)}
    elif price.members_only and context.user_id is None:
        why = gettext("for members: sign in, it is free")
    elif price not in draft.usable:
        why = gettext("for a group of customers")
    elif price.quantity > main.quantity:
        more = price.quantity - main.quantity
        why = ngettext("buy %(units)d more", "buy %(units)d more", more) % {"units": more}
    else:
        why = gettext("another price list goes first")
    return PriceStep(
        f"list:{price.code}:{price.quantity}",
        price.name,
        outcome,
        rounded(price.price, draft.currency),
        why,
    )
