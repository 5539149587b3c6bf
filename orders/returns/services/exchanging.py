"""Goods for goods: what is wished is kept aside as an order of its own, and what came back pays for it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.exceptions import ImpossibleStep
from orders.locks import order_lock
from orders.models import Order
from orders.refunds.selectors import is_over_limit
from orders.returns.amounts import Proposal, proposal_of
from orders.returns.exceptions import ReturnRefused
from orders.returns.locks import return_lock
from orders.returns.models import LinkedOrder, Return
from orders.returns.services.linking import Thing, order_follow
from orders.returns.services.moving import move, refuse_unless
from orders.returns.states import LinkKind, ReturnState
from orders.returns.swaps import swap_price
from orders.services import order_cancel
from orders.services.paying import order_settle_without_money
from orders.states import CancelReason, OrderState
from payments.gateways import gateways_offered
from payments.models import HOPED, PaymentIntent, tender
from payments.selectors import standing_of
from payments.services import (
    intent_cancel_request,
    intent_create,
    intent_lower,
    refund_pass,
    refunds_request,
)
from payments.services.passing import TARGET
from shop.core.events import ExchangeDue
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit
from supply.exceptions import OutOfStock

REASON = gettext_noop("Goods in exchange")  # kept in English, shown in the reader's language
REST = gettext_noop("What the exchange costs less")
DUE = dt.timedelta(hours=23)  # to pay a difference: payment pages live for a day at most
OURS, DIFFERENCE = tender(1), tender(2)


def exchange_keep(back: Return, *, user: Any) -> LinkedOrder:
    """Write the order that replaces what comes back, and hold its stock. Under the return's lock.

    Raises ``ReturnRefused``, whose message is for the clerk, where something is not to be had.
    """
    of = back.order
    things = []
    for line in back.lines.select_related("order_line__product", "swap_for").order_by("pk"):
        line.order_line.order = of
        if line.swap_for is None:
            raise ReturnRefused(_("What was wished in exchange is not sold any more."))
        incl, excl = swap_price(line.order_line, line.swap_for, line.quantity)
        code = line.order_line.tax_code
        things.append(Thing(line.swap_for, line.quantity, code, incl=incl, excl=excl))
    try:
        made = order_follow(of=of, things=things, kind=LinkKind.EXCHANGE, back=back, user=user)
    except OutOfStock as error:
        raise ReturnRefused(
            _("There are not enough left of what was wished in exchange.")
        ) from error
    if made.order.total_incl_tax:
        _ask(made.order, part=OURS, code=TARGET, amount=made.order.total_incl_tax)
    return made


@retry_on_conflict
def return_exchange(*, back: Return, user: Any) -> Return:
    """What came back pays for the order that was kept; that is paid then, and can be sent.

    What it costs less goes back to the payer. What it costs more is asked for first: the return
    stays as it is and this is called again when it has come. A second call gives the same return.
    Raises ``ImpossibleStep`` unless inspected, and when the other order has ended.
    """
    of, back = return_lock(back)
    if back.state == ReturnState.EXCHANGED:
        return back
    refuse_unless(back, ReturnState.EXCHANGED)
    link = LinkedOrder.objects.filter(back=back).first()
    kept = order_lock(order_id=link.order_id) if link else None
    if kept is None or kept.status != OrderState.PENDING:
        raise ImpossibleStep(f"the exchange for return {back.number} has ended")
    proposal = proposal_of(back)
    due = kept.total_incl_tax - standing_of(kept.number).kept
    if due > proposal.total:
        _ask_difference(kept, due - proposal.total)
        return back
    _settle(of, back, kept, proposal, due, user)
    return back


def exchange_end(back: Return, *, user: Any) -> None:
    """Under the return's lock: it will not be exchanged, so what was kept is free again."""
    link = LinkedOrder.objects.filter(back=back).select_related("order").first()
    if link is not None and link.order.status == OrderState.PENDING:
        order_cancel(order=link.order, reason=CancelReason.OPERATOR, user=user)


def _settle(
    of: Order, back: Return, kept: Order, proposal: Proposal, due: Decimal, user: Any
) -> None:
    key = f"return-{back.number}"
    made, amount = [], due
    if due:
        made = refunds_request(
            order_number=of.number, amount=due, reason=REASON, key=key, user=user, target=TARGET
        )
        for place, refund in enumerate(made):
            part = OURS if place == 0 else tender(place + 2)
            refund_pass(refund=refund, intent=_asked(kept, part=part, amount=refund.amount))
    rest = proposal.total - due
    if rest and is_over_limit(of, rest, user):
        raise ReturnRefused(
            _("What goes back beside the exchange is above your limit; a colleague has to do it.")
        )
    if rest:
        more = refunds_request(
            order_number=of.number, amount=rest, reason=REST, key=f"{key}+rest", user=user
        )
        made, amount = [*made, *more], due + rest
    for one in proposal.parts:
        one.line.amount = one.amount
        one.line.save(update_fields=["amount"])
    back.refund = made[0] if made else None
    back.amount = amount
    move(back, ReturnState.EXCHANGED, user=user, by_shop=True)
    if not kept.total_incl_tax:
        order_settle_without_money(kept)


def _ask_difference(kept: Order, amount: Decimal) -> None:
    """A payment of its own, by the way that the first order was paid, for a day."""
    known = _live(kept, DIFFERENCE)
    if known is not None:
        return
    ours = _live(kept, OURS)
    if ours is not None and kept.total_incl_tax > amount:
        intent_lower(intent=ours, amount=kept.total_incl_tax - amount)
    elif ours is not None:  # nothing of what came back is worth anything
        intent_cancel_request(intent=ours)
    intent = _ask(kept, part=DIFFERENCE, code=_way(kept), amount=amount)
    intent.expires_at = timezone.now() + DUE
    intent.save(update_fields=["expires_at"])
    emit(ExchangeDue(order_number=kept.number, amount=str(amount)))


def _way(kept: Order) -> str:
    """As the first order was paid, if that has a page of its own; else the first that has one."""
    offered = gateways_offered(currency=kept.currency, language=kept.facts.language)
    hosted = [one.code for one in offered if one.is_hosted]
    first = kept.begun_by.of.facts.payment_method
    return first if first in hosted else next(iter(hosted), "transfer")


def _asked(kept: Order, *, part: str, amount: Decimal) -> PaymentIntent:
    return _live(kept, part) or _ask(kept, part=part, code=TARGET, amount=amount)


def _ask(kept: Order, *, part: str, code: str, amount: Decimal) -> PaymentIntent:
    return intent_create(
        order_number=kept.number,
        gateway_code=code,
        amount=amount,
        currency=kept.currency,
        email=kept.email or "",
        language=kept.facts.language,
        part=part,
    )


def _live(kept: Order, part: str) -> PaymentIntent | None:
    rows = PaymentIntent.objects.filter(order_number=kept.number, part=part)
    return rows.filter(state__in=HOPED).first()
