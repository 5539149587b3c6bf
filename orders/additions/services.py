"""Adding to an order before it is packed, and sending it another way. Docs: docs/orders-taken.md.

What costs more is asked for by a link that lives ``ADDITION_LINK_HOURS``; meanwhile the units are held
and the order waits. Of an order that is not paid yet it is asked for with the rest, at once: the courier
or a transfer brings more, and where a provider's page waits, one of the new sum takes its place.
"""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Product
from orders.additions.applying import (
    addition_apply,
    addition_move,
    delivery_apply,
    delivery_facts,
)
from orders.additions.exceptions import PriceMoved
from orders.additions.models import Addition, AdditionLine, AdditionState
from orders.additions.pricing import Priced, Way, addition_price, ways_of
from orders.additions.selectors import addition_waiting
from orders.exceptions import EditRefused
from orders.life.asking import asked_anew, waiting_at_provider
from orders.life.editing import (
    money_settle,
    refuse_what_is_boxed,
    refuse_what_is_packed,
    told,
)
from orders.life.models import EventKind, OrderEvent, Source
from orders.locks import order_lock
from orders.models import Order
from orders.papers.services import invoice_issue
from orders.states import OrderState
from payments.gateways import gateway, gateways_offered
from payments.gateways.exchange import Exchange
from payments.models import HOPED, LIVE, IntentState, PaymentIntent
from payments.selectors import WAITS, intents_read
from payments.services import (
    intent_cancel_request,
    intent_create,
    intent_raise,
    is_lowerable,
)
from promotions.exceptions import OfferExhausted
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO
from supply.exceptions import OutOfStock
from supply.services import stock_allocate, stock_release

logger = logging.getLogger(__name__)


@retry_on_conflict
def addition_ask(
    *, order: Order, things: Mapping[Product, int], shown: Decimal, key: UUID, user: Any = None
) -> bool:
    """Hold these units and ask the customer to pay for them. False when this ``key`` was done before.

    ``shown``: what it cost on the page, tax included. Raises ``PriceMoved`` if that is not so any more,
    ``PaymentInTheWay`` where a provider's page may be paid right now, else ``EditRefused`` with words for
    the clerk; nothing is then changed.
    """
    with transaction.atomic():
        order = order_lock(order_id=order.pk)
        if _is_known(key):
            return False
        _refuse(order)
        priced = addition_price(order=order, things=things)
        if priced.incl != shown:
            raise PriceMoved(_("The price changed meanwhile. Please look again."))
        addition = _written(order, priced.incl, priced.excl, key, user, discounts=priced.discounts)
        is_besides = _asked_with_the_rest(order, priced.incl)
        _offers_count(priced)
        _lines_hold(addition, priced)
        _ask_or_apply(order, addition, is_besides=is_besides, user=user)
    return True


@retry_on_conflict
def order_delivery_edit(
    *, order: Order, code: str, shown: Decimal, key: UUID, user: Any = None
) -> bool:
    """Send it another way. What that costs more is asked for, what it costs less goes back.

    ``shown``: the difference on the page, below zero: less. False when this ``key`` was done before.
    Raises as `addition_ask` does, and ``PaymentInTheWay`` where a provider's page may be paid right now.
    """
    with transaction.atomic():
        order = order_lock(order_id=order.pk)
        if _is_known(key):
            return False
        _refuse(order)
        way = next((one for one in ways_of(order) if one.code == code), None)
        if way is None:
            raise EditRefused(_("It cannot be sent that way. Please look again."))
        if way.more != shown:
            raise PriceMoved(_("The price changed meanwhile. Please look again."))
        if way.more > 0:
            _dearer(order, way, key, user)
        else:
            _cheaper(order, way, key, user)
    return True


@retry_on_conflict
def addition_withdraw(*, order: Order, user: Any = None) -> bool:
    """It is not wanted any more: its units are free again. False if nothing waits."""
    order = order_lock(order_id=order.pk)
    return _end(order, AdditionState.WITHDRAWN, user=user, source=Source.OFFICE)


@retry_on_conflict
def addition_pay(*, order: Order, gateway_code: str) -> PaymentIntent | None:
    """The payment for what waits, through the way that the shopper chose; to be opened by the caller.

    A payment begun another way is given up. None if nothing waits any more, or that way is not offered.
    """
    order = order_lock(order_id=order.pk)
    addition = addition_waiting(order)
    if addition is None or addition.expires_at <= timezone.now():
        return None
    if gateway_code not in {one.code for one in ways_to_pay(order)}:
        return None
    begun = PaymentIntent.objects.filter(
        order_number=order.number, part=addition.part, state__in=LIVE
    ).first()
    if begun is not None and (begun.gateway == gateway_code or begun.state not in WAITS):
        return begun
    if begun is not None:
        intent_cancel_request(intent=begun)
    hold = gateway(gateway_code).hold_minutes or 60
    return intent_create(
        order_number=order.number,
        part=addition.part,
        gateway_code=gateway_code,
        amount=addition.amount,
        currency=order.currency,
        email=order.email or "",
        language=order.facts.language,
        # Their page closes sooner; who comes back to the link gets another.
        expires_at=min(addition.expires_at, timezone.now() + dt.timedelta(minutes=hold)),
    )


def ways_to_pay(order: Order) -> list[Any]:
    """Those that a browser leads to: the rest takes longer than the link lives."""
    offered = gateways_offered(currency=order.currency, language=order.facts.language)
    return [one for one in offered if one.is_hosted]


def addition_paid(order: Order, intent: PaymentIntent) -> bool:
    """Under the order's lock: money for an addition has come. False: it is to be sent back."""
    number = int(intent.part.partition(":")[2])
    addition = Addition.objects.filter(order=order, number=number).first()
    if addition is None:
        return False
    if addition.state != AdditionState.WAITING:
        return addition.paid_by_id == intent.pk
    if order.status != OrderState.PAID or intent.amount_captured < addition.amount:
        return False
    addition_apply(order, addition, paid_by=intent, source=Source.SHOPPER)
    return True


def addition_end(order: Order) -> dict[int, int]:
    """Under the order's lock, as it ends: what waits is withdrawn; units to release by record."""
    addition = addition_waiting(order)
    return _ended(addition, AdditionState.WITHDRAWN) if addition else {}


def additions_expire(*, limit: int = 200) -> int:
    """Release what was not paid in time; how many additions ended. Safe to repeat and side by side."""
    overdue = Addition.objects.filter(
        state=AdditionState.WAITING, expires_at__lt=timezone.now()
    ).select_related("order")
    ended = 0
    for addition in overdue.order_by("expires_at")[:limit]:
        try:
            ended += _expire(addition.order)
        except Exception:  # whatever it is, those behind it end in time
            logger.exception("%s could not expire", addition)
    return ended


@retry_on_conflict
def _expire(order: Order) -> bool:
    """Look again under the lock: the money may have come a moment ago."""
    order = order_lock(order_id=order.pk)
    addition = addition_waiting(order)
    if addition is None or addition.expires_at > timezone.now():
        return False
    paid = PaymentIntent.objects.filter(
        order_number=order.number, part=addition.part, state=IntentState.CAPTURED
    )
    if paid.exists():
        return False  # the order hears of it in a moment
    return _end(order, AdditionState.LAPSED, user=None, source=Source.CLOCK)


def _end(order: Order, state: AdditionState, *, user: Any, source: str) -> bool:
    addition = addition_waiting(order)
    if addition is None:
        return False
    for intent in PaymentIntent.objects.filter(
        order_number=order.number, part=addition.part, state__in=HOPED
    ).order_by("pk"):
        intent_cancel_request(intent=intent)
    stock_release(units=_ended(addition, state))
    facts = _facts(addition) | {"step": state.value}
    told(order, EventKind.ADDITION, facts, None, user, source)
    return True


def _ended(addition: Addition, state: AdditionState) -> dict[int, int]:
    units: Counter[int] = Counter()
    for line in addition.lines.all():
        units[line.stockrecord_id] += line.held
    addition_move(addition, state)
    return {pk: number for pk, number in units.items() if number}


def _refuse(order: Order) -> None:
    refuse_what_is_packed(order)
    refuse_what_is_boxed(order)
    if order.shipping_address is None:
        raise EditRefused(_("This order goes nowhere: it needs no parcel."))
    if addition_waiting(order) is not None:
        text = _("Something added before still waits for its payment. Withdraw it first.")
        raise EditRefused(text)
    is_asked_anew = _waits_at_provider(order) is not None
    if order.status == OrderState.PENDING and _waits_outside(order) is None and not is_asked_anew:
        text = _(
            "What was begun to be paid for it cannot ask for more. Please try again in a minute."
        )
        raise EditRefused(text)


def _waits_outside(order: Order) -> PaymentIntent | None:
    """The payment that waits outside of the browser, and can ask for more."""
    rows = PaymentIntent.objects.filter(order_number=order.number, state__in=HOPED)
    rows = rows.exclude(gateway=Exchange.code)
    return next((one for one in rows.order_by("pk") if is_lowerable(one)), None)


def _waits_at_provider(order: Order) -> PaymentIntent | None:
    return waiting_at_provider(order, intents_read(order.number))


def _dearer(order: Order, way: Way, key: UUID, user: Any) -> None:
    addition = _written(
        order,
        way.more,
        max(way.excl - order.shipping_excl_tax, ZERO),
        key,
        user,
        delivery=delivery_facts(order, way),
    )
    is_besides = _asked_with_the_rest(order, way.more)
    _ask_or_apply(order, addition, is_besides=is_besides, user=user)


def _asked_with_the_rest(order: Order, more: Decimal) -> bool:
    """Whether what the order is to be paid with asks for it, too. Raises ``PaymentInTheWay``."""
    besides = _waits_outside(order)
    hosted = _waits_at_provider(order) if besides is None else None
    if more and besides is not None:
        intent_raise(intent=besides, amount=besides.amount + more)
    elif more and hosted is not None:
        asked_anew(intents_read(order.number), hosted, hosted.amount + more)
    return besides is not None or hosted is not None


def _cheaper(order: Order, way: Way, key: UUID, user: Any) -> None:
    delivery = delivery_facts(order, way)
    less = delivery_apply(order, delivery)
    facts = {"delivery": delivery, "less": str(less)}
    facts["money"] = money_settle(order, less, key, user)
    invoice_issue(order_number=order.number)  # what was taken of it before may be all by now
    told(order, EventKind.DELIVERY, facts, key, user)


def _written(
    order: Order,
    amount: Decimal,
    excl: Decimal,
    key: UUID,
    user: Any,
    *,
    delivery: dict[str, Any] | None = None,
    discounts: Iterable[dict[str, Any]] = (),
) -> Addition:
    hours = settings.ADDITION_LINK_HOURS
    return Addition.objects.create(
        order=order,
        number=order.additions.count() + 1,
        key=key,
        amount=amount,
        amount_excl_tax=excl,
        delivery=delivery,
        discounts=list(discounts),
        asked_by=user,
        expires_at=timezone.now() + dt.timedelta(hours=hours),
    )


def _offers_count(priced: Priced) -> None:
    try:
        for one in priced.applied:
            one["offer"].record_usage(one)
    except OfferExhausted as error:
        raise PriceMoved(_("The price changed meanwhile. Please look again.")) from error


def _lines_hold(addition: Addition, priced: Priced) -> None:
    units: Counter[int] = Counter()
    for one in priced.lines:
        units[one.stockrecord.pk] += one.quantity
        AdditionLine.objects.create(
            addition=addition,
            product=one.product,
            stockrecord=one.stockrecord,
            quantity=one.quantity,
            held=one.quantity,
            **one.columns,
        )
    try:
        stock_allocate(wanted=dict(units))
    except OutOfStock as error:
        raise EditRefused(_("There are not so many of it any more.")) from error


def _ask_or_apply(order: Order, addition: Addition, *, is_besides: bool, user: Any) -> None:
    if is_besides or not addition.amount:
        addition_apply(order, addition, paid_by=None, user=user, source=Source.OFFICE)
        return
    facts = _facts(addition) | {"step": AdditionState.WAITING.value}
    told(order, EventKind.ADDITION, facts, addition.key, user)


def _facts(addition: Addition) -> dict[str, Any]:
    return {
        "addition": addition.number,
        "more": str(addition.amount),
        "wanted": [
            {"title": line.title, "product": line.product_id, "units": line.quantity}
            for line in addition.lines.all()
        ],
        "delivery": addition.delivery,
    }


def _is_known(key: UUID) -> bool:
    return OrderEvent.objects.filter(key=key).exists() or Addition.objects.filter(key=key).exists()
