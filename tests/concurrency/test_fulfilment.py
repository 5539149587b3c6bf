"""Many hands between the shelf and the door: one legal end, stock and money right."""

from uuid import uuid4

import pytest
from django.core.management import call_command

from orders.exceptions import ImpossibleStep
from orders.fulfilment.models import ConsignmentLine
from orders.fulfilment.packing import Measure, box_close, item_pack
from orders.fulfilment.waves import line_pick, wave_make
from orders.models import Order
from orders.services import order_cancel, order_pack, order_rest_cancel, parcel_ship
from orders.states import CancelReason
from payments.models import Refund
from payments.services import intent_capture, refunds_resume
from shop.core.outbox import relay
from supply.models import Reason, StockMovement, WarehouseStock
from supply.services import stock_move
from tests.concurrency.support import at_once
from tests.factories import (
    OtherWarehouseFactory,
    ProductFactory,
    UserFactory,
    WarehouseFactory,
)
from tests.sales import intent_of, order_of

pytestmark = pytest.mark.req("S3.58")
SMALL = Measure("s", 800, 250, 175, 100)


def paid(product, units: int = 1) -> Order:
    order = order_of(product, quantity=units)
    intent_capture(intent=intent_of(order))
    relay()
    return order


def test_packing_cancelling_and_shipping_at_once_end_in_one_legal_way() -> None:
    cup, ken = ProductFactory(stock=5), UserFactory()
    order = paid(cup, 2)
    consignment = order.consignments.get()
    sku = consignment.lines.get().order_line.partner_sku
    item_pack(consignment=consignment, code=sku, user=ken)
    item_pack(consignment=consignment, code=sku, user=ken)

    closed, quick, cancelled = at_once(
        lambda: box_close(consignment=consignment, measure=SMALL, user=ken),
        lambda: order_pack(order=order),
        lambda: order_cancel(order=order, reason=CancelReason.OPERATOR),
    )

    order.refresh_from_db()
    assert cancelled is True
    assert order.status == "cancelled"
    assert sum(isinstance(one, ImpossibleStep) for one in (closed, quick)) >= 1
    assert not order.shipments.exists()
    assert WarehouseStock.objects.get().reserved == 0
    call_command("verify")

    second = paid(cup, 2)
    order_pack(order=second)
    parcel = second.shipments.get()
    outcomes = at_once(
        lambda: parcel_ship(parcel=parcel, carrier="DHL", tracking_number="1"),
        lambda: parcel_ship(parcel=parcel, carrier="DHL", tracking_number="1"),
        lambda: order_cancel(order=second, reason=CancelReason.OPERATOR),
    )
    second.refresh_from_db()
    left = sum(StockMovement.objects.filter(reason="sold").values_list("quantity", flat=True))
    assert (second.status, left) in (("shipped", -2), ("cancelled", 0)), outcomes
    call_command("verify")


def test_two_phones_at_one_line_of_a_wave_pick_it_once() -> None:
    cup, ken = ProductFactory(stock=5), UserFactory()
    paid(cup, 2)
    wave_make(warehouse=WarehouseFactory(), key=uuid4())
    line = ConsignmentLine.objects.get()

    outcomes = at_once(
        *[lambda: line_pick(line_id=line.pk, units=2, seen=0, user=ken)] * 3,
        lambda: line_pick(line_id=line.pk, units=2, seen=0, user=UserFactory()),
    )

    line.refresh_from_db()
    assert sum(isinstance(one, ConsignmentLine) for one in outcomes) == 1, outcomes
    assert sum(isinstance(one, ImpossibleStep) for one in outcomes) == 3
    assert (line.picked, line.consignment.state) == (2, "picked")


def test_the_last_unit_of_a_warehouse_is_reserved_for_one_order() -> None:
    cup, lyon = ProductFactory(stock=1), OtherWarehouseFactory()
    stock_move(
        stock_record_id=cup.stockrecords.get().pk,
        quantity=1,
        reason=Reason.RECEIVED,
        source="n:1",
        warehouse=lyon,
    )
    orders = [order_of(cup), order_of(cup)]
    for order in orders:
        intent_capture(intent=intent_of(order))

    at_once(relay, relay)
    relay()

    places = [order.consignments.get().warehouse.code for order in orders]
    assert sorted(places) == ["lyon", "main"]
    assert list(WarehouseStock.objects.values_list("reserved", flat=True)) == [1, 1]
    call_command("verify")


def test_ending_the_rest_and_handing_a_box_over_at_once_lose_no_unit() -> None:
    """The box leaves or stays in the order; what was in none ends, once."""
    cup, ken = ProductFactory(stock=9), UserFactory()
    order = paid(cup, 4)
    consignment = order.consignments.get()
    sku = consignment.lines.get().order_line.partner_sku
    boxes = []
    for _box in range(2):
        item_pack(consignment=consignment, code=sku, user=ken)
        boxes.append(box_close(consignment=consignment, measure=SMALL, user=ken))
    parcel_ship(parcel=boxes[0], carrier="DHL", tracking_number="1")

    left, *ended = at_once(
        lambda: parcel_ship(parcel=boxes[1], carrier="DHL", tracking_number="2"),
        lambda: order_rest_cancel(order=order),
        lambda: order_rest_cancel(order=order),
    )

    order.refresh_from_db()
    assert left == boxes[1]
    assert ended.count(True) == 1, ended
    assert (order.status, order.lines.get().quantity) == ("shipped", 2)
    record = cup.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated) == (7, 0)
    assert Refund.objects.get().amount == 2 * record.price
    for _round in range(3):
        relay()
        refunds_resume()
    call_command("verify")


def test_ending_the_rest_and_packing_it_at_once_end_in_one_of_two_ways() -> None:
    cup, ken = ProductFactory(stock=9), UserFactory()
    order = paid(cup, 2)
    consignment = order.consignments.get()
    sku = consignment.lines.get().order_line.partner_sku
    item_pack(consignment=consignment, code=sku, user=ken)
    first = box_close(consignment=consignment, measure=SMALL, user=ken)
    parcel_ship(parcel=first, carrier="DHL", tracking_number="1")

    packed, ended = at_once(
        lambda: item_pack(consignment=consignment, code=sku, user=ken),
        lambda: order_rest_cancel(order=order),
    )

    order.refresh_from_db()
    assert isinstance(packed, Exception) != isinstance(ended, Exception), (packed, ended)
    assert (ended is True) == (order.status == "shipped") == (order.lines.get().quantity == 1)
    for _round in range(3):
        relay()
        refunds_resume()
    call_command("verify")
