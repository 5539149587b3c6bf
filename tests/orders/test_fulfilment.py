"""From paid to left: routed, picked in a wave, packed by scanning, and what goes wrong on the way."""

from uuid import uuid4

import pytest
from django.core.management import call_command

from orders import services
from orders.exceptions import ImpossibleStep, StepRefused, WrongBarcode
from orders.fulfilment import batches
from orders.fulfilment.models import (
    BatchAction,
    Consignment,
    ConsignmentLine,
    Outcome,
    Trouble,
    TroubleKind,
)
from orders.fulfilment.packing import Measure, box_close, consignment_scanned, item_pack
from orders.fulfilment.troubles import (
    consignment_reroute,
    order_route_or_note,
    trouble_close,
    trouble_open,
)
from orders.fulfilment.walk import wave_stops
from orders.fulfilment.waves import line_pick, line_short, wave_make
from orders.life.editing import order_lines_edit
from orders.models import Order
from orders.states import CancelReason
from payments.services import intent_capture
from shop.core.outbox import relay
from supply.models import Bin, Reason, StockMovement, Warehouse, WarehouseStock
from supply.services import bin_put, bins_add, stock_move
from tests.factories import (
    OtherWarehouseFactory,
    ProductFactory,
    UserFactory,
    WarehouseFactory,
)
from tests.sales import basket_with, checkout_of, intent_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.58")]

SMALL = Measure("s", 800, 250, 175, 100)


def paid(products: dict) -> Order:
    order = services.order_place(checkout=checkout_of(basket_with(products)))
    intent_capture(intent=intent_of(order))
    relay()
    order.refresh_from_db()
    return order


def bring(product, units: int, warehouse: Warehouse) -> None:
    stock_move(
        stock_record_id=product.stockrecords.get().pk,
        quantity=units,
        reason=Reason.RECEIVED,
        source=f"note:{uuid4()}",
        warehouse=warehouse,
    )


def routes(order: Order) -> list[tuple]:
    rows = order.consignments.exclude(state="void").order_by("warehouse__code")
    return [
        (
            one.warehouse.code,
            one.rule,
            {line.order_line.partner_sku: line.quantity for line in one.lines.all()},
        )
        for one in rows
    ]


def shelve(product, warehouse: Warehouse, code: str, units: int) -> None:
    bins_add(warehouse=warehouse, codes=[code])
    shelf = Bin.objects.get(warehouse=warehouse, code=code)
    bin_put(shelf=shelf, stock_record_id=product.stockrecords.get().pk, units=units)


def test_paid_orders_go_to_the_nearest_that_has_all_else_to_as_few_as_can_be() -> None:
    main, lyon = WarehouseFactory(), OtherWarehouseFactory()
    cup, pot = ProductFactory(stock=2), ProductFactory(stock=1)
    bring(cup, 3, lyon)
    bring(pot, 3, lyon)
    sku, other = (one.stockrecords.get().partner_sku for one in (cup, pot))

    first, second, third = paid({cup: 1}), paid({cup: 2, pot: 1}), paid({cup: 2, pot: 2})

    assert routes(first) == [("main", "whole", {sku: 1})]
    assert routes(second) == [("lyon", "only", {sku: 2, other: 1})]
    # Nobody has two cups any more; the pots stay together.
    assert routes(third) == [("lyon", "split", {sku: 1, other: 2}), ("main", "split", {sku: 1})]
    seen = first.consignments.get().facts["considered"]
    assert seen == [
        {"code": "main", "distance": 0, "lines": 1, "of": 1},
        {"code": "lyon", "distance": 1, "lines": 1, "of": 1},
    ]
    call_command("verify")

    with pytest.raises(StepRefused, match="does not hold"):
        consignment_reroute(consignment=second.consignments.get(), warehouse=main)
    services.order_cancel(order=second, reason=CancelReason.OPERATOR)
    moved = consignment_reroute(
        consignment=first.consignments.get(), warehouse=lyon, words="The van goes there"
    )
    assert (moved.rule, moved.words, routes(first)) == (
        "hand",
        "The van goes there",
        [("lyon", "hand", {sku: 1})],
    )
    call_command("verify")


def test_a_wave_is_walked_bin_by_bin_and_packed_by_scanning_into_parcels() -> None:
    main, ken = WarehouseFactory(), UserFactory()
    cup, pot = ProductFactory(stock=9, upc="4006381333931"), ProductFactory(stock=9)
    shelve(cup, main, "B-1", 9)
    shelve(pot, main, "A-1", 9)
    Bin.objects.filter(code="A-1").update(rank=1)
    one, two = paid({cup: 2, pot: 1}), paid({pot: 1})
    key = uuid4()

    wave = wave_make(warehouse=main, key=key, picker=ken)
    assert wave_make(warehouse=main, key=key) == wave
    stops = wave_stops(wave)
    assert [(stop.bin.code, stop.tote, stop.line.to_pick) for stop in stops] == [
        ("A-1", 1, 1),
        ("A-1", 2, 1),
        ("B-1", 1, 2),
    ]

    cups = stops[2].line
    with pytest.raises(WrongBarcode):
        line_pick(line_id=cups.pk, units=2, seen=0, user=ken, code="4006381333000")
    with pytest.raises(StepRefused, match="Somebody else walks"):
        line_pick(line_id=cups.pk, units=2, seen=0, user=UserFactory(), code="4006381333931")
    line_pick(
        line_id=cups.pk, units=2, seen=0, user=ken, code=" 4006381333931 ", bin_id=stops[2].bin.pk
    )
    with pytest.raises(StepRefused, match="meanwhile"):
        line_pick(line_id=cups.pk, units=2, seen=0, user=ken, code="4006381333931")
    for stop in stops[:2]:
        line_pick(line_id=stop.line.pk, units=1, seen=0, user=ken, bin_id=stop.bin.pk)
    wave.refresh_from_db()
    assert wave.state == "done"
    assert sorted(Bin.objects.values_list("code", "stock__units")) == [("A-1", 7), ("B-1", 7)]

    mine = consignment_scanned(f"W-{wave.pk}-1")
    assert mine.order == one
    assert consignment_scanned(one.number.lower()) == mine
    with pytest.raises(StepRefused, match="Nothing is in the box"):
        box_close(consignment=mine, measure=SMALL, user=ken)
    sku = pot.stockrecords.get().partner_sku
    for code in ("4006381333931", sku):
        item_pack(consignment=mine, code=code, user=ken)
    with pytest.raises(WrongBarcode, match="One too many"):
        item_pack(consignment=mine, code=sku, user=ken)
    first = box_close(consignment=mine, measure=SMALL, user=ken)
    one.refresh_from_db()
    assert (first.weight_g, first.warehouse, one.status) == (800, main, "paid")

    # A part of the lines leaves in the first parcel, the rest in a second one.
    services.parcel_ship(parcel=first, carrier="DHL", tracking_number="1")
    with pytest.raises(ImpossibleStep, match="has left"):
        services.order_cancel(order=one, reason=CancelReason.OPERATOR)
    item_pack(consignment=mine, code="4006381333931", user=ken)
    second = box_close(consignment=mine, measure=SMALL, user=ken)
    one.refresh_from_db()
    assert one.status == "packed"
    services.parcel_ship(parcel=second, carrier="DHL", tracking_number="2")
    assert services.parcel_ship(parcel=second, carrier="DHL", tracking_number="3") == second

    one.refresh_from_db()
    assert one.status == "shipped"
    mine.refresh_from_db()
    assert mine.state == "left"
    sold = StockMovement.objects.filter(reason="sold").order_by("pk")
    assert sum(row.quantity for row in sold) == -3
    assert two.consignments.get().state == "picked"
    call_command("verify")


def test_a_short_pick_is_an_exception_that_another_warehouse_or_the_order_ends() -> None:
    main, lyon, ken = WarehouseFactory(), OtherWarehouseFactory(), UserFactory()
    cup = ProductFactory(stock=6)
    one, two = paid({cup: 3}), paid({cup: 3})
    bring(cup, 1, lyon)
    wave_make(warehouse=main, key=uuid4(), picker=ken)
    line, other = ConsignmentLine.objects.order_by("pk")

    trouble = line_short(line_id=line.pk, found=2, seen=0, user=ken, words="only two")
    assert (trouble.kind, trouble.units, trouble.order) == ("short", 1, one)
    with pytest.raises(StepRefused, match="ended like that"):
        trouble_close(trouble=trouble, outcome=Outcome.CARRIER, user=ken)
    assert trouble_close(trouble=trouble, outcome=Outcome.REROUTED, user=ken) is True
    assert trouble_close(trouble=trouble, outcome=Outcome.FOUND, user=ken) is False
    assert [(code, sum(units.values())) for code, _rule, units in routes(one)] == [
        ("lyon", 1),
        ("main", 2),
    ]
    services.order_pack(order=one)
    assert sorted(one.shipments.values_list("warehouse__code", "lines__quantity")) == [
        ("lyon", 1),
        ("main", 2),
    ]
    with pytest.raises(ImpossibleStep, match="2 parcels"):
        services.order_ship(order=one, carrier="DHL", tracking_number="1")

    gone = line_short(line_id=other.pk, found=1, seen=0, user=ken)
    with pytest.raises(StepRefused, match="No other warehouse"):
        trouble_close(trouble=gone, outcome=Outcome.REROUTED, user=ken)
    with pytest.raises(StepRefused, match="missing"):
        services.order_pack(order=two)
    item_pack(consignment=other.consignment, code=other.order_line.partner_sku, user=ken)
    order_lines_edit(order=two, quantities={other.order_line_id: 1}, key=uuid4())
    gone.refresh_from_db()
    assert (gone.outcome, routes(two)[0][2]) == ("less", {other.order_line.partner_sku: 1})
    services.order_pack(order=two)
    services.order_ship(order=two, carrier="DHL", tracking_number="2")
    assert WarehouseStock.objects.get(warehouse=main).reserved == 2
    call_command("verify")


def test_what_stands_in_the_way_waits_in_the_queue() -> None:
    cup = ProductFactory(stock=5)
    order = services.order_place(checkout=checkout_of(basket_with({cup: 1})))
    type(order.shipping_address).objects.update(postcode="1")
    intent_capture(intent=intent_of(order))
    relay()
    trouble = Trouble.objects.get(order=order)
    assert (trouble.kind, trouble.words) == ("address", "The postcode is not one of this country.")
    with pytest.raises(StepRefused, match="nothing to pick"):
        wave_make(warehouse=WarehouseFactory(), key=uuid4())
    with pytest.raises(StepRefused, match="postcode"):
        trouble_close(trouble=trouble, outcome=Outcome.MENDED)
    type(order.shipping_address).objects.update(postcode="10119")
    assert trouble_close(trouble=trouble, outcome=Outcome.MENDED)
    assert order_route_or_note(order_number=order.number) is False
    assert wave_make(warehouse=WarehouseFactory(), key=uuid4()).consignments.count() == 1

    services.order_pack(order=order)
    parcel = services.order_ship(order=order, carrier="DHL", tracking_number="1")
    lost = trouble_open(kind=TroubleKind.LOST, parcel=parcel, words="no scan for 9 days")
    assert trouble_open(kind=TroubleKind.LOST, parcel=parcel) == lost
    for said in (Outcome.AGAIN, Outcome.PAID):  # neither was done
        with pytest.raises(StepRefused, match="first"):
            trouble_close(trouble=lost, outcome=said, words="sent again")
    assert trouble_close(trouble=lost, outcome=Outcome.CAME)
    order.refresh_from_db()
    assert order.status == "delivered"
    call_command("verify")


def test_a_batch_tells_of_each_order_what_became_of_it() -> None:
    cup = ProductFactory(stock=9)
    good, gone = paid({cup: 1}), paid({cup: 1})
    services.order_cancel(order=gone, reason=CancelReason.OPERATOR)
    key, ids = uuid4(), [good.pk, gone.pk, 10**9]
    user = UserFactory()
    made = batches.batch_make(
        action=BatchAction.PACK, order_ids=ids, key=key, user=user, language="zh-hans"
    )
    assert (
        batches.batch_make(
            action=BatchAction.ROUTE, order_ids=[], key=key, user=user, language="en"
        )
        == made
    )

    batches.batch_move(pk=made.pk)
    batches.batch_move(pk=made.pk)

    made.refresh_from_db()
    assert (made.state, made.done, made.total) == ("done", 2, 2)
    told = dict(made.rows.values_list("order", "outcome"))
    assert told == {good.pk: "done", gone.pk: "refused"}
    good.refresh_from_db()
    assert good.status == "packed"
    assert Consignment.objects.get(order=good).state == "packed"
