"""Writing the past: orders with their lines, money, parcels and stock movements, in bulk."""

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from django.conf import settings

from catalog.partner.models import StockRecord
from orders.fulfilment.models import OrderFacts, Shipment, ShipmentLine
from orders.models import (
    BillingAddress,
    Line,
    LinePrice,
    Order,
    OrderDiscount,
    OrderStatusChange,
    ShippingAddress,
)
from orders.shipping.repository import Repository
from orders.states import HOLDING, OrderState
from orders.utils import ALPHABET, GROUP
from shop.core.money import net_of, rounded, shares
from shop.demo.loader.bulk import BATCH, bulk, dates_as_given, rows_count
from shop.demo.loader.lives import Life
from shop.demo.loader.money import Payments
from shop.demo.loader.stock import RECEIPT_EVERY
from supply.models import Reason, StockMovement, Warehouse
from supply.selectors import warehouse_default

CARRIERS = ("DHL", "DPD", "UPS")
BILLED_EVERY = 40  # orders, of which one has an invoice for a company
#: What invented companies are called, by country; ``{}``: the name of who ordered.
COMPANIES = {
    "DE": "{} & Partner GmbH",
    "AT": "{} Handels GmbH",
    "CH": "{} Treuhand AG",
    "FR": "{} & Fils SARL",
    "NL": "{} Ontwerp B.V.",
    "GB": "{} & Daughters Ltd",
    "US": "{} Design Inc.",
    "CN": "{}氏商贸有限公司",
    "JP": "{}商事株式会社",
}


@dataclass(frozen=True)
class Bought:
    """One line: the stock record with its product and partner at hand, and the units."""

    record: StockRecord
    title: str
    rate: Decimal
    quantity: int


@dataclass(frozen=True)
class OrderPlan:
    """An order of the past, ready to be written. ``discount`` is a share, 0.10 for 10 %."""

    placed_at: dt.datetime
    address: dict[str, Any]
    email: str
    language: str
    lines: tuple[Bought, ...]
    life: Life
    user_id: int | None = None
    discount: Decimal = Decimal(0)
    voucher: str = ""


@dataclass
class History:
    """Writes plans in batches and remembers what the shelves must have held."""

    begin: dt.datetime
    rng: random.Random
    sold: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    allocated: Counter[str] = field(default_factory=Counter)
    numbers: set[str] = field(default_factory=set)
    warehouse: Warehouse = field(default_factory=warehouse_default)

    def write(self, plans: Iterable[OrderPlan]) -> Iterator[int]:
        """Yields the number of orders written with each batch."""
        plans = iter(plans)
        dated = ((OrderStatusChange, "date_created"),)
        written = counted = 0
        with dates_as_given(*dated):
            while batch := list(islice(plans, BATCH)):
                self._write(batch)
                written += len(batch)
                if written >= 2 * counted:
                    rows_count()
                    counted = written
                yield len(batch)

    def _write(self, plans: list[OrderPlan]) -> None:
        addresses = bulk(ShippingAddress(**plan.address) for plan in plans)
        billed = _billed(plans)
        bulk(billed.values())
        drafts = [
            self._draft(plan, address, billed.get(at))
            for at, (plan, address) in enumerate(zip(plans, addresses, strict=True))
        ]
        orders = bulk(draft.order for draft in drafts)
        lines = bulk(
            self._line(draft, order, bought)
            for draft, order in zip(drafts, orders, strict=True)
            for bought in draft.plan.lines
        )
        bulk(price for line in lines for price in _line_prices(line))
        bulk(draft.facts(order) for draft, order in zip(drafts, orders, strict=True))
        bulk(draft.saved(order) for draft, order in zip(drafts, orders, strict=True) if draft.lost)
        bulk(
            OrderStatusChange(order=order, old_status=old, new_status=new, date_created=moment)
            for draft, order in zip(drafts, orders, strict=True)
            for old, new, moment in draft.changes()
        )
        Payments(self.rng).write(drafts)
        self._parcels(drafts, lines)

    def _draft(
        self, plan: OrderPlan, address: ShippingAddress, billed: BillingAddress | None
    ) -> "Draft":
        total = sum((_gross(plan, bought) for bought in plan.lines), Decimal(0))
        method = _method(address, total, self.rng)
        is_free = method.free_from is not None and total >= method.free_from
        charge = Decimal(0) if is_free else method.charge
        net = sum((_net(plan, bought) for bought in plan.lines), Decimal(0))
        shipping_net = net_of(charge, settings.STORE_TAX_RATES["standard"], "EUR")
        order = Order(
            number=self._number(),
            site_id=settings.SITE_ID,
            user_id=plan.user_id,
            guest_email="" if plan.user_id else plan.email,
            currency="EUR",
            total_incl_tax=total + charge,
            total_excl_tax=net + shipping_net,
            shipping_incl_tax=charge,
            shipping_excl_tax=shipping_net,
            shipping_address=address,
            billing_address=billed,
            shipping_method=str(method.name),
            shipping_code=method.code,
            shipping_tax_code="19%",
            status=plan.life.state,
            date_placed=plan.placed_at,
        )
        before = sum((bought.record.price * bought.quantity for bought in plan.lines), Decimal(0))
        return Draft(plan, order, method, before - total)

    def _number(self) -> str:
        while True:
            letters = "".join(self.rng.choices(ALPHABET, k=2 * GROUP))
            number = f"{letters[:GROUP]}-{letters[GROUP:]}"
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def _line(self, draft: "Draft", order: Order, bought: Bought) -> Line:
        record, plan = bought.record, draft.plan
        held = bought.quantity if draft.life.state in HOLDING else 0
        if held:
            self.allocated[record.partner_sku] += held
        before = record.price * bought.quantity
        return Line(
            order=order,
            partner_id=record.partner_id,
            partner_name="Storekeep",
            partner_sku=record.partner_sku,
            stockrecord=record,
            product_id=record.product_id,
            title=bought.title[:255],
            upc=record.partner_sku,
            quantity=bought.quantity,
            line_price_incl_tax=_gross(plan, bought),
            line_price_excl_tax=_net(plan, bought),
            line_price_before_discounts_incl_tax=before,
            line_price_before_discounts_excl_tax=net_of(before, bought.rate, "EUR"),
            unit_price_incl_tax=record.price,
            unit_price_excl_tax=net_of(record.price, bought.rate, "EUR"),
            tax_code=f"{(bought.rate * 100).normalize():f}%",
            status=draft.life.state,
            num_allocated=held,
            allocation_cancelled=draft.life.state == OrderState.CANCELLED,
        )

    def _parcels(self, drafts: list["Draft"], lines: list[Line]) -> None:
        left = [draft for draft in drafts if OrderState.SHIPPED in draft.life.moments]
        shipments = bulk(draft.shipment(self.rng) for draft in left)
        by_order = {shipment.order_id: shipment for shipment in shipments}
        moves: dict[tuple[int, int], StockMovement] = {}
        parts = []
        for line in lines:
            shipment = by_order.get(line.order_id)
            if shipment is None:
                continue
            parts.append(ShipmentLine(shipment=shipment, order_line=line, quantity=line.quantity))
            period = (shipment.shipped_at - self.begin) // RECEIPT_EVERY
            self.sold[line.partner_sku][period] += line.quantity
            key = (shipment.pk, line.stockrecord_id)
            if key in moves:
                moves[key].quantity -= line.quantity
                continue
            moves[key] = StockMovement(
                stock_record_id=line.stockrecord_id,
                warehouse=self.warehouse,
                quantity=-line.quantity,
                reason=Reason.SOLD,
                source=f"shipment:{shipment.pk}",
                moved_at=shipment.shipped_at,
            )
        bulk(parts)
        bulk(moves.values())


@dataclass
class Draft:
    """An order on its way into the database, and what became of it."""

    plan: OrderPlan
    order: Order
    method: Any
    lost: Decimal

    @property
    def life(self) -> Life:
        return self.plan.life

    def facts(self, order: Order) -> OrderFacts:
        # A promise counts from the money where that came after the cut-off.
        first, last = self.method.promise(
            self.life.moments.get(OrderState.PAID, self.plan.placed_at)
        )
        return OrderFacts(
            order=order,
            language=self.plan.language,
            payment_method=self.life.gateway,
            promised_from=first,
            promised_until=last,
            cancel_reason=self.life.cancel_reason,
        )

    def saved(self, order: Order) -> OrderDiscount:
        return OrderDiscount(
            order=order,
            category=OrderDiscount.BASKET,
            offer_name=self.plan.voucher,
            voucher_code=self.plan.voucher,
            amount=self.lost,
            frequency=1,
        )

    def changes(self) -> Iterator[tuple[str, str, dt.datetime]]:
        old = OrderState.PENDING
        for state, moment in self.life.moments.items():
            yield old, state, moment
            old = state

    def shipment(self, rng: random.Random) -> Shipment:
        return Shipment(
            order=self.order,
            carrier=rng.choice(CARRIERS),
            tracking_number=f"{rng.randrange(10**11, 10**12)}",
            shipped_at=self.life.moments[OrderState.SHIPPED],
            delivered_at=self.life.moments.get(OrderState.DELIVERED),
        )


def _gross(plan: OrderPlan, bought: Bought) -> Decimal:
    return rounded(bought.record.price * bought.quantity * (1 - plan.discount), "EUR")


def _net(plan: OrderPlan, bought: Bought) -> Decimal:
    return net_of(_gross(plan, bought), bought.rate, "EUR")


def _line_prices(line: Line) -> Iterator[LinePrice]:
    """Unit prices that add up to the line, as the basket splits them."""
    ones = [1] * line.quantity
    units = zip(
        shares(line.line_price_incl_tax, ones, "EUR"),
        shares(line.line_price_excl_tax, ones, "EUR"),
        strict=True,
    )
    for (gross, net), quantity in Counter(units).items():
        yield LinePrice(
            order_id=line.order_id,
            line=line,
            quantity=quantity,
            price_incl_tax=gross,
            price_excl_tax=net,
        )


def _billed(plans: list[OrderPlan]) -> dict[int, BillingAddress]:
    """Some have the invoice for a company, at the door of somebody else in the country; by their place."""
    found: dict[int, BillingAddress] = {}
    for at in range(BILLED_EVERY // 2, len(plans), BILLED_EVERY):
        person = plans[at].address
        code = person["country_id"]
        others = (one.address for one in plans[at + 1 :] if one.address["country_id"] == code)
        place = next((one for one in others if one["line1"] != person["line1"]), None)
        if place is None or code not in COMPANIES:
            continue
        columns = {name: one for name, one in place.items() if name != "phone_number"}
        names = {name: person[name] for name in ("first_name", "last_name")}
        company = COMPANIES[code].format(person["last_name"])
        address = BillingAddress(**columns | names, company=company)
        address.search_text_renew()
        found[at] = address
    return found


def _method(address: ShippingAddress, total: Decimal, rng: random.Random) -> Any:
    methods = {one.code: one for one in Repository().get_available_shipping_methods(None, address)}
    standard, express = methods["standard"], methods["express"]
    return express if rng.random() < 0.15 else standard
