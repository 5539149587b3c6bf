"""The steps of walks, by name. Each picks what it is done to by ``number`` and tries it."""

import json
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from orders.additions import services as additions
from orders.additions.models import Addition
from orders.additions.pricing import addition_price, ways_of
from orders.additions.services import (
    addition_ask,
    addition_pay,
    addition_withdraw,
    additions_expire,
    order_delivery_edit,
)
from orders.fraud import services as fraud
from orders.fraud.models import FraudCheck
from orders.fraud.scoring import Score
from orders.fraud.services import check_approve, check_decline, order_check
from orders.fulfilment.packing import Measure, box_close, item_pack, item_unpack
from orders.life.editing import order_address_edit, order_lines_edit
from orders.life.holds import order_hold, order_release
from orders.models import Line, Order
from orders.refunds.models import RefundRequest, RequestState
from orders.refunds.services import refund_approve, refund_ask, refund_decline
from orders.returns.amounts import proposal_of
from orders.returns.models import Return
from orders.returns.services import (
    Found,
    Wanted,
    return_approve,
    return_ask,
    return_cancel,
    return_exchange,
    return_inspect,
    return_receive,
    return_refund,
)
from orders.returns.states import ReturnState
from orders.services import (
    order_cancel,
    order_deliver,
    order_pack,
    order_refund,
    order_rest_cancel,
    order_ship,
    order_unpack,
    orders_expire,
    parcel_ship,
    rest_ask,
    shipped_take,
)
from orders.states import CancelReason, OrderState
from payments.bank.models import BankLine
from payments.bank.services import bank_line_assign, bank_line_return, statement_take
from payments.bank.statements import statement_read
from payments.gateways import gateway
from payments.models import PaymentIntent
from payments.services import (
    intent_capture,
    intent_open,
    intent_refresh,
    intent_replace,
    intents_reconcile,
    refund_request,
    webhook_receive,
    webhooks_process,
)
from payments.wallets.kinds import AS_CREDIT
from tests.orders.walking.walk import UNITS, Walk
from tests.sales import ADDRESS, refunds_finish

SMALL = Measure("s", 800, 250, 175, 100)
STATEMENT = "date,amount,currency,reference,payer,id"
LOOKED_AT = 90  # from this number on a score waits


class Steps(Walk):
    def take(self, step: str, number: int) -> None:
        if step == "place":
            if len(self.orders) < 3:
                self.place(number)
            return
        self.path.append(f"{step} {number}")
        getattr(self, f"_{step}")(self.order(number // 7), number)

    def _on(self, order, number):
        """What comes next in the life of most."""
        to_pay = "pack" if order.facts.payment_method == "cod" else "pay"
        came = "back" if Return.objects.filter(order=order).exists() else "return"
        after = {
            OrderState.PENDING: to_pay,
            OrderState.PAID: "pack",
            OrderState.PACKED: "ship" if order.shipments.count() < 2 else "leave",
            OrderState.SHIPPED: "deliver",
            OrderState.DELIVERED: came,
            OrderState.CANCELLED: "place",
        }
        self.take(after[order.status], number)

    def _line(self, order: Order, number: int) -> Line:
        lines = list(order.lines.order_by("pk"))
        return lines[number % len(lines)]

    def _intents(self, order: Order) -> list[PaymentIntent]:
        return list(PaymentIntent.objects.filter(order_number=order.number).order_by("pk"))

    # money

    def _pay(self, order, number):
        """All that was asked for comes, and everybody hears of it."""
        for intent in self._intents(order):
            if intent.gateway == "walk-card":
                gateway("walk-card").agree(intent)
                self.do(intent_refresh, intent=intent, source="return")
            elif intent.gateway == "transfer" and not intent.amount_captured:
                self.do(intent_capture, intent=intent)
        self.do(self.news)

    def _capture(self, order, number):
        """What somebody books by hand, or takes of a card: all of it, or a part as long as the goods are here."""
        intents = self._intents(order)
        if intents:
            intent = intents[number % len(intents)]
            is_here = intent.is_taken_at_shipment and not _has_left(order)
            part = Decimal(number) if is_here and number % 3 else None
            self.do(intent_capture, intent=intent, amount=part)

    def _agree(self, order, number):
        """At the provider alone: the shop hears of it by a message, or as it asks."""
        for intent in self._intents(order):
            if intent.gateway == "walk-card":
                gateway("walk-card").agree(intent)

    def _lapse(self, order, number):
        """Heard of at once: money that lapses unheard, or behind goods that have left, is lost."""
        if _has_left(order):
            return
        for intent in self._intents(order):
            if intent.gateway == "walk-card":
                gateway("walk-card").lapse(intent)
                self.do(intent_refresh, intent=intent, source="poll")
        self.do(self.news)

    def _webhook(self, order, number):
        """Some come twice, some late, some about nothing of ours."""
        intents = [one for one in self._intents(order) if one.gateway == "walk-card"]
        key = str(intents[0].key) if intents and number % 5 else str(UUID(int=number))
        body = {"event_id": f"{key}-{number % 3}", "kind": "moved", "reference": key}
        for _twice in range(1 + number % 2):
            self.do(
                webhook_receive, provider="walk-card", body=json.dumps(body).encode(), headers={}
            )
        self.do(webhooks_process)

    def _statement(self, order, number):
        """The bank has a transfer: what is missing, less or more; now and then the same line again."""
        words = order.number if number % 4 else "for the mugs"
        waiting = [one for one in self._intents(order) if one.gateway == "transfer"]
        amount = waiting[number % len(waiting)].amount if waiting else order.total_incl_tax
        amount += (0, 0, 0, -1, 1)[number % 5]
        row = f"2026-03-01,{amount},EUR,{words},Mei Lin,{order.pk}-{number // 4}"
        self.do(statement_take, rows=statement_read(f"{STATEMENT}\n{row}\n"))

    def _assign(self, order, number):
        """Finance decides on the newest line of the bank."""
        line, intents = BankLine.objects.order_by("-pk").first(), self._intents(order)
        if line is None or not intents:
            return
        if number % 4:
            self.do(bank_line_assign, line=line, intent=intents[number % len(intents)])
        else:
            self.do(bank_line_return, line=line, note="sent back")

    def _replace(self, order, number):
        intents = self._intents(order)
        made = self.do(intent_replace, intent=intents[number % len(intents)])
        if made is not None:
            self.do(intent_open, intent=made)

    def _rest_ask(self, order, number):
        made = self.do(rest_ask, order=order)
        if isinstance(made, PaymentIntent):
            self.do(intent_open, intent=made)

    def _expire(self, order, number):
        PaymentIntent.objects.filter(order_number=order.number).update(expires_at=order.date_placed)
        self.do(orders_expire)

    def _news(self, order, number):
        self.do(self.news)

    def _settle(self, order, number):
        self.do(refunds_finish)
        self.do(intents_reconcile)

    def _take(self, order, number):
        self.do(shipped_take)

    def _refund(self, order, number):
        key, amount = f"r{number}-{order.pk}", Decimal(number) + Decimal("0.01")
        self.do(order_refund, order=order, amount=amount, reason="x", key=key, user=None)

    def _refund_source(self, order, number):
        """Never before it is paid: who calls this makes sure of that, see `order_refund`."""
        if order.status == OrderState.PENDING:
            return
        intents = self._intents(order)
        intent, key = intents[number % len(intents)], f"s{number % 9}-{order.pk}"
        self.do(refund_request, intent=intent, amount=Decimal(number), reason="x", key=key)

    def _ask(self, order, number):
        """By units or by an amount; to the card, or as store credit; by a clerk with a limit or not."""
        of_lines = {self._line(order, number).pk: number % (UNITS + 2)}
        self.do(
            refund_ask,
            order=order,
            reason="x",
            key=_key(1, order, number),
            user=self.world.chief if number % 2 else self.world.clerk,
            units=of_lines if number % 3 else None,
            amount=None if number % 3 else Decimal(number * 2),
            with_delivery=number % 7 == 0,
            target=AS_CREDIT if number % 4 == 1 and order.user_id else "",
        )

    def _decide(self, order, number):
        waiting = RefundRequest.objects.filter(order=order).order_by("-pk")
        asked = waiting.filter(state=RequestState.WAITING).first() or waiting.first()
        user = self.world.clerk if number % 5 == 0 else self.world.chief
        if asked is not None and number % 3:
            self.do(refund_approve, asked=asked, user=user)
        elif asked is not None:
            self.do(refund_decline, asked=asked, user=user, why="no")

    # waiting

    def _cancel(self, order, number):
        reason = CancelReason.CUSTOMER if number % 2 else CancelReason.OPERATOR
        self.do(order_cancel, order=order, reason=reason)

    def _hold(self, order, number):
        self.do(order_hold, order=order, reason="stock", user=self.world.clerk)

    def _release(self, order, number):
        self.do(order_release, order=order, words="", user=self.world.clerk)

    def _suspect(self, order, number):
        """Its score is high now, whatever it was."""
        weight = min(number * 5, 100)
        reasons = [{"code": "walk", "weight": weight, "values": {}}]
        score = Score(score=weight, line=LOOKED_AT, reasons=reasons)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fraud, "order_score", lambda facts: score)
            self.do(order_check, order_number=order.number)

    def _look(self, order, number):
        check = FraudCheck.objects.filter(order=order).first()
        decide = check_decline if number % 4 == 0 else check_approve
        if check is not None:
            self.do(decide, check=check, user=self.world.clerk, words="seen")

    # parcels

    def _pack(self, order, number):
        self.do(order_pack, order=order, user=self.world.clerk)

    def _unpack(self, order, number):
        self.do(order_unpack, order=order, user=self.world.clerk)

    def _ship(self, order, number):
        self.do(order_ship, order=order, carrier="DHL", tracking_number=f"0034{number % 2}")

    def _part(self, order, number):
        """One unit goes into a box; now and then the box is closed, or leaves before the rest."""
        consignment = order.consignments.filter(state__in=("routed", "picked")).first()
        if consignment is None:
            return
        line, user = self._line(order, number), self.world.clerk
        if number % 6 == 5:
            self.do(item_unpack, consignment=consignment, order_line_id=line.pk, user=user)
            return
        self.do(item_pack, consignment=consignment, code=line.partner_sku, user=user)
        if number % 4:
            self.do(box_close, consignment=consignment, measure=SMALL, user=user)
        if number % 4 > 1:
            self._leave(order, number)

    def _leave(self, order, number):
        box = order.shipments.filter(shipped_at__isnull=True).order_by("pk").first()
        if box is not None:
            self.do(parcel_ship, parcel=box, carrier="DHL", tracking_number=f"{box.pk}")

    def _rest(self, order, number):
        self.do(order_rest_cancel, order=order, user=self.world.clerk)

    def _deliver(self, order, number):
        self.do(order_deliver, order=order)

    # other things, other doors

    def _edit(self, order, number):
        left = {self._line(order, number).pk: number % (UNITS + 2)}
        key = _key(2, order, number % 9)
        self.do(order_lines_edit, order=order, quantities=left, key=key)

    def _address(self, order, number):
        columns = ADDRESS | {"line1": f"Torstraße {number % 4}", "state": ""}
        if number % 5 == 0:
            columns["country_id"] = "FR"
        self.do(order_address_edit, order=order, columns=columns, key=_key(3, order, number % 9))

    def _add(self, order, number):
        things = {self.world.products[number % 2]: 1 + number % 2}

        def addition_asked() -> Addition:
            shown = addition_price(order=order, things=things).incl
            key = _key(4, order, number % 9)
            clerk = self.world.clerk
            return addition_ask(order=order, things=things, shown=shown, key=key, user=clerk)

        self.do(addition_asked)

    def _send_otherwise(self, order, number):
        ways = ways_of(order)
        if ways:
            way, key = ways[number % len(ways)], _key(5, order, number % 9)
            self.do(order_delivery_edit, order=order, code=way.code, shown=way.more, key=key)

    def _pay_addition(self, order, number):
        """In time, or after it was no longer waited for."""
        code = "transfer"  # any will do: what a provider says is proven elsewhere
        if number % 3:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(additions, "ways_to_pay", lambda order: [gateway(code)])
                intent = self.do(addition_pay, order=order, gateway_code=code)
            if intent is not None:
                self.do(intent_open, intent=intent)
        if number % 3 < 2:
            asked = [one for one in self._intents(order) if one.part.startswith("addition:")]
            for intent in asked[-1:]:
                self.do(intent_capture, intent=intent)

    def _end_addition(self, order, number):
        if number % 2:
            self.do(addition_withdraw, order=order, user=self.world.clerk)
            return
        Addition.objects.filter(order=order).update(expires_at=timezone.now())
        self.do(additions_expire)

    # what comes back

    def _return(self, order, number):
        line = self._line(order, number)
        is_swap = number % 4 == 3
        swap = line.product_id if is_swap else None
        self.do(
            return_ask,
            order=order,
            wanted=[Wanted(line.pk, number % (UNITS + 2), "fit", swap_id=swap)],
            key=uuid4(),
            language="en",
            wish="exchange" if is_swap else "refund",
        )

    def _back(self, order, number):
        """The next thing that can happen to a return, or another one."""
        back = Return.objects.filter(order=order).order_by("-pk").first()
        if back is None:
            return
        user = self.world.chief if number % 2 else self.world.clerk
        if number % 8 == 0:
            self.do(return_cancel, back=back, by_shop=bool(number % 2))
        elif back.state == ReturnState.ASKED or number % 8 == 1:
            self.do(return_approve, back=back, user=user)
            self._keep()
        elif back.state == ReturnState.APPROVED or number % 8 == 2:
            self.do(return_receive, back=back, user=user)
        elif back.state == ReturnState.RECEIVED or number % 8 == 3:
            found = {
                line.pk: Found(restock=line.quantity - number % 2, scrap=number % 2)
                for line in back.lines.all()
            }
            self.do(return_inspect, back=back, found=found, user=user)
        elif back.wish == "exchange" and number % 8 > 4:
            self.do(return_exchange, back=back, user=user)
        else:
            amount = proposal_of(back).total - (number % 3)
            self.do(return_refund, back=back, amount=amount, user=user, as_credit=number % 4 == 1)

    def _keep(self):
        """The order that is to replace what comes back walks along."""
        known = {one.pk for one in self.orders}
        of = [one.pk for one in self.orders]
        for order in Order.objects.filter(begun_by__of__in=of).exclude(pk__in=known):
            self.orders.append(order)


def _has_left(order: Order) -> bool:
    return order.shipments.filter(shipped_at__isnull=False).exists()


def _key(form: int, order: Order, number: int) -> UUID:
    """That of a form that was sent, now and then of one that was sent before."""
    return UUID(int=(form << 96) + (order.pk << 32) + number)
