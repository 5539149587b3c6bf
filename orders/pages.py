"""What an order's page says, in words; shared by guests, members and mails."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from orders.additions.models import Addition
from orders.additions.selectors import addition_waiting
from orders.checkout.countries import address_lines
from orders.fulfilment.models import OrderFacts, Shipment, ShipmentLine
from orders.handover.selectors import Handover, handover_of
from orders.life.models import OrderMessage
from orders.life.moments import Moment
from orders.life.selectors import messages_of
from orders.life.timeline import shopper_timeline
from orders.links import OrderLinks
from orders.models import Order
from orders.page_money import OrderMoney
from orders.page_parts import Fact, ShownLine, ShownPaper, line_shown, line_state
from orders.page_sentences import sentence_of
from orders.papers.models import DocumentKind
from orders.papers.selectors import papers_of
from orders.returns.models import Return
from orders.returns.selectors import links_of, returns_of_order
from orders.returns.states import LinkKind
from orders.returns.words import Offer, return_offer
from orders.selectors import order_can_be_paid, order_is_cancellable, order_may_be_received
from orders.shipping.repository import method_name
from orders.states import HOLDING, OrderState
from payments.gateways import gateway
from payments.selectors import intents_of_orders, standing

#: Of an order that follows from another: what the first calls it, and what it calls the first.
LINK_WORDS = {
    LinkKind.EXCHANGE: (
        gettext_lazy("In exchange you get"),
        gettext_lazy("In exchange for a return of"),
    ),
    LinkKind.AGAIN: (gettext_lazy("Sent again as"), gettext_lazy("Sent again for")),
}


class OrderPage(OrderMoney):
    """One order for one reader."""

    def __init__(self, order: Order, links: OrderLinks | None = None) -> None:
        self.order = order
        self.links = links

    @property
    def facts(self) -> OrderFacts:
        return self.order.facts

    @property
    def can_pay(self) -> bool:
        return order_can_be_paid(self.order, self.intent)

    @cached_property
    def addition(self) -> Addition | None:
        """What was added and waits to be paid."""
        return addition_waiting(self.order) if self.is_held else None

    @property
    def addition_rows(self) -> list[Fact]:
        """Its things, with their prices, and what another delivery costs more."""
        if self.addition is None:
            return []
        tax = "excl" if self.is_tax_added else "incl"
        rows = [
            Fact(
                f"{line.quantity} × {line.product.get_title() if line.product else line.title}",
                self.money(getattr(line, f"price_{tax}_tax")),
            )
            for line in self.addition.lines.all()
        ]
        if delivery := self.addition.delivery:
            name = method_name(delivery["code"], default=delivery["name"])
            rows.append(Fact(_("Delivery"), self.addition_amount, note=name))
        elif self.is_tax_added:
            tax_only = self.addition.amount - self.addition.amount_excl_tax
            rows.append(Fact(_("Tax"), self.money(tax_only)))
        return [*rows, Fact(_("To pay"), self.addition_amount, "total")]

    @property
    def addition_amount(self) -> str:
        return self.money(self.addition.amount) if self.addition else ""

    @property
    def can_cancel(self) -> bool:
        return order_is_cancellable(self.order)

    @cached_property
    def can_be_received(self) -> bool:
        return order_may_be_received(self.order)

    @property
    def is_held(self) -> bool:
        """Whether somebody in the shop has to look first; why is theirs to tell."""
        return bool(getattr(self.order, "is_held", False))

    @property
    def is_money_held(self) -> bool:
        """Whether some of its money was agreed to, and is taken only as the things leave."""
        return standing(self.intents).promised > 0

    @property
    def is_being_booked(self) -> bool:
        """The money has come and the order is about to say so."""
        return (
            self.order.status == OrderState.PENDING
            and bool(self.intents)
            and standing(self.intents).covered >= self.order.total_incl_tax
        )

    @property
    def held_until(self) -> dt.datetime | None:
        """Until when the stock waits for the money."""
        waits = self.order.status == OrderState.PENDING and self.intent is not None
        return self.intent.expires_at if waits else None

    @property
    def bank_details(self) -> str:
        waits = self.order.status == OrderState.PENDING and self.method == "transfer"
        return settings.BANK_TRANSFER_DETAILS if waits else ""

    @property
    def to_pay(self) -> str:
        """What the payment that still waits is for; gift cards, credit and points have paid the rest."""
        waits = self.order.status == OrderState.PENDING or self.can_pay
        return self.money(self.intent.amount) if waits and self.intent else self.total

    @property
    def paid_at_door(self) -> bool:
        return bool(self.method) and gateway(self.method).ships_before_capture

    @cached_property
    def parcels(self) -> list[Shipment]:
        """Those that left."""
        return [one for one in self.order.shipments.all() if one.shipped_at]

    @property
    def is_partly_sent(self) -> bool:
        """Whether something of it left and something is still to leave."""
        return self.order.status in HOLDING and bool(self.parcels)

    @property
    def chip(self) -> str:
        """The state whose colour the chip has."""
        return OrderState.SHIPPED if self.is_partly_sent else self.order.status

    @property
    def state_word(self) -> str:
        """The chip: for orders whose money is still to come, or to be taken, how it does."""
        if self.is_partly_sent:
            return _("Partly sent")
        if self.order.status == OrderState.PENDING and self.paid_at_door:
            return _("To be paid at the door")
        if self.order.status == OrderState.PAID and self.is_money_held:
            return _("Payment held")
        return str(OrderState(self.order.status).label)

    @cached_property
    def handover(self) -> Handover:
        """What it gives without a parcel: files, work, gift cards."""
        return handover_of(self.order)

    @cached_property
    def return_offer(self) -> Offer | None:
        """Whether something of it may come back, and until when."""
        return return_offer(self.order)

    @cached_property
    def returns(self) -> list[Return]:
        """What came back of it, or is to."""
        return list(returns_of_order(self.order)) if self.return_offer else []

    @cached_property
    def linked(self) -> list[dict[str, str]]:
        """Orders that it follows from, and that follow from it."""
        if self.links is None:
            return []
        found = []
        for one in links_of(self.order):
            is_child = one.order_id == self.order.pk
            other = one.of if is_child else one.order
            words = LINK_WORDS[one.kind][is_child]
            found.append({"words": str(words), "number": other.number, "url": self.links.of(other)})
        return found

    @property
    def is_nothing_coming(self) -> bool:
        """Whether every parcel of it was lost, broke or went back."""
        parcels = list(self.order.shipments.all())
        return bool(parcels) and all(one.failed for one in parcels)

    @property
    def can_complain(self) -> bool:
        """Something of it left."""
        return self.is_sent and bool(self.parcels)

    @property
    def sentence(self) -> str:
        """Where the order is, and what happens next."""
        return sentence_of(self)

    @property
    def steps(self) -> list[dict[str, Any]]:
        # Named for what is done in each: "Paid", in bold where it waits for the money, would be untrue.
        names = [
            pgettext("step", "Order"),
            pgettext("step", "Payment"),
            pgettext("step", "Packing"),
            pgettext("step", "Shipping"),
            pgettext("step", "Delivery"),
        ]
        if self.paid_at_door:
            names.pop(1)
        if not self.is_sent:
            names[2:] = [pgettext("step", "Handover")]
        return [{"name": name} for name in names]

    @property
    def current_step(self) -> int:
        """Counted from 1: the step being waited for; one beyond the last when all is done."""
        order = [OrderState.PENDING, OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED]
        if self.order.status == OrderState.DELIVERED:
            return len(self.steps) + 1
        if self.is_partly_sent:
            return len(self.steps) - 1  # until the last of it has left
        is_gone = self.order.status == OrderState.UNDELIVERED
        status = OrderState.SHIPPED if is_gone else OrderState(self.order.status)
        position = order.index(status) + 2
        if self.paid_at_door and self.order.status != OrderState.PENDING:
            position -= 1
        return position

    @cached_property
    def lines(self) -> list[ShownLine]:
        tax = "excl" if self.is_tax_added else "incl"
        return [
            line_shown(line, self.money, tax, state=self._line_states.get(line.pk, ""))
            for line in self.order.lines.all()
        ]

    @cached_property
    def _line_states(self) -> dict[int, str]:
        """By line: how far it is, where the lines of an order are not equally far."""
        is_mixed = self.is_partly_sent or len(self.parcels) > 1
        if self.links is None or not self.parcels or not is_mixed:  # a list does not say
            return {}
        came = {one.pk: bool(one.delivered_at) for one in self.parcels}
        gone: dict[int, list[int]] = {}
        rows = ShipmentLine.objects.filter(shipment__in=came).values_list(
            "order_line", "shipment", "quantity"
        )
        for line_id, parcel_id, units in rows:
            sums = gone.setdefault(line_id, [0, 0])
            sums[came[parcel_id]] += units
        return {
            line.pk: line_state(line.quantity, *gone.get(line.pk, (0, 0)))
            for line in self.order.lines.all()
            if line.pk in gone or line.num_allocated
        }

    @cached_property
    def messages(self) -> list[OrderMessage]:
        """What the shop and the reader wrote to each other; notes of the team are elsewhere."""
        return list(messages_of(self.order))

    @property
    def moments(self) -> list[Moment]:
        """What happened, as far as it concerns the reader."""
        return shopper_timeline(self.order)

    @cached_property
    def papers(self) -> list[ShownPaper]:
        """Invoice and credit notes; what waits for its money has none."""
        if self.links is None or self.order.status == OrderState.PENDING:
            return []
        return [
            ShownPaper(
                name=str(DocumentKind(paper.kind).label),
                number=paper.number,
                issued_at=paper.issued_at,
                amount=self.money(paper.total_incl_tax),
                url=self.links.paper(paper.number),
            )
            for paper in papers_of(self.order)
        ]

    @property
    def address(self) -> list[str]:
        return address_lines(self.order.shipping_address) if self.order.shipping_address else []

    @property
    def invoice_address(self) -> list[str]:
        """Whom the invoice is for, where that is not who gets the parcel."""
        billed = self.order.billing_address
        return address_lines(billed) if billed else []

    @property
    def promise(self) -> tuple[dt.date | None, dt.date | None]:
        return self.facts.promised_from, self.facts.promised_until

    @property
    def first_promise(self) -> tuple[dt.date, dt.date] | None:
        """The last day that was promised before late money moved it, while that matters."""
        day = self.facts.first_promised_until
        return (day, day) if day and self.is_promise_open else None

    @property
    def is_promise_open(self) -> bool:
        """Whether the day of arrival is still ahead, and sure enough to be named."""
        sure = (OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED)
        soon = self.facts.promised_until and self.facts.promised_until >= timezone.localdate()
        waits_at_door = self.order.status == OrderState.PENDING and self.paid_at_door
        is_sure = self.order.status in sure and not self.is_nothing_coming
        return bool(soon) and (is_sure or waits_at_door)


def order_pages(orders: Iterable[Order]) -> list[OrderPage]:
    """Pages for a list; their payments are read at once."""
    orders = list(orders)
    intents = intents_of_orders(order.number for order in orders)
    pages = []
    for order in orders:
        page = OrderPage(order)
        page.intents = intents.get(order.number, [])
        pages.append(page)
    return pages
