"""The floor at a desk and with a phone, over HTTP: what is shown, said and refused."""

from uuid import uuid4

import pytest
from django.db.models import F
from django.urls import reverse

from orders.fulfilment.models import Batch, Consignment, ConsignmentLine, Trouble, Wave
from orders.fulfilment.waves import wave_make
from orders.life.holds import order_hold
from orders.life.models import HoldReason
from orders.papers.dashboard import views as papers
from orders.services import order_place
from payments.services import intent_capture, intent_open
from shop.core.outbox import relay
from supply.models import Bin, CycleCount, StockMovement, Transfer, Warehouse, WarehouseStock
from supply.services import (
    bin_put,
    transfer_line_set,
    transfer_make,
    transfer_receive,
    transfer_send,
)
from tests.factories import OtherWarehouseFactory, ProductFactory, WarehouseFactory
from tests.sales import basket_with, checkout_of, intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.58")]


def paid(product, units: int = 1):
    order = order_of(product, quantity=units)
    intent_capture(intent=intent_of(order))
    relay()
    order.refresh_from_db()
    return order


def url(name: str, **kwargs) -> str:
    return reverse(f"dashboard:{name}", kwargs=kwargs or None)


def test_the_packing_table_says_that_an_order_is_on_hold_before_anything_is_scanned(office) -> None:
    clerk, order = office("Warehouse clerk"), paid(ProductFactory(stock=9))
    table = url("pack-consignment", pk=order.consignments.get().pk)
    assert "Scan an article" in clerk.get(table).text

    order_hold(order=order, reason=HoldReason.ADDRESS, words="", user=None)
    held = clerk.get(table).text

    assert "On hold: Address is unclear. Leave it where it is." in held
    assert "Scan an article" not in held


def test_a_clerk_makes_a_wave_picks_it_scans_it_into_a_box_and_ends_a_shortage(office) -> None:
    clerk, cup = office("Warehouse clerk"), ProductFactory(stock=9, upc="4006381333931")
    good, short = paid(cup, 2), paid(cup, 2)
    main = WarehouseFactory()
    page = clerk.get(url("sending-list")).content.decode()
    assert (good.number in page and "Holds all of it" in page) or "The only one" in page
    key = uuid4()
    form = {"warehouse": main.pk, "limit": 12, "key": key, "picker": ""}
    assert clerk.post(url("wave-add"), form | {"limit": 0}).status_code == 422
    assert clerk.post(url("wave-add"), form | {"order": ["x", "9" * 5000]}).status_code in (
        302,
        422,
    )
    clerk.post(url("wave-add"), form)
    clerk.post(url("wave-add"), form)
    wave = Wave.objects.get()

    def line_of(order) -> dict:
        row = order.consignments.get().lines.get()
        return {"line": row.pk, "seen": row.picked + row.missing, "bin": ""}

    scan = line_of(good) | {"units": 2, "code": "9", "step": "scan"}
    wrong = clerk.post(url("wave-pick", pk=wave.pk), scan)
    assert wrong.status_code == 422
    assert 'class="floor-loud" role="alert"' in wrong.content.decode()
    assert (
        clerk.post(url("wave-pick", pk=wave.pk), scan | {"code": "4006381333931"}).status_code
        == 302
    )
    again = clerk.post(url("wave-pick", pk=wave.pk), scan | {"code": "4006381333931"})
    assert again.status_code == 422
    assert "not to be picked any more" in again.content.decode()
    clerk.post(url("wave-short", pk=wave.pk), line_of(short) | {"found": 1, "words": "broken"})
    assert "All picked" in clerk.get(url("wave-detail", pk=wave.pk)).content.decode()

    found = clerk.get(url("pack-table"), {"code": f"{wave.pk}-1"})
    assert found.status_code == 302
    assert "Nothing of this order" in clerk.get(url("pack-table"), {"code": "?"}).content.decode()
    row = good.consignments.get()
    for _unit in range(2):
        clerk.post(url("pack-item", pk=row.pk), {"code": "4006381333931"})
    too_many = clerk.post(url("pack-item", pk=row.pk), {"code": "4006381333931"})
    assert too_many.status_code == 422
    assert "One too many" in too_many.content.decode()
    close = {"box": "own", "weight_g": "900"}
    assert "has to be measured" in clerk.post(url("pack-close", pk=row.pk), close).content.decode()
    sizes = {"length_mm": 200, "width_mm": 100, "height_mm": 50}
    assert clerk.post(url("pack-close", pk=row.pk), close | sizes).status_code == 302
    good.refresh_from_db()
    parcel = good.shipments.get()
    assert (good.status, parcel.weight_g, parcel.height_mm) == ("packed", 900, 50)

    trouble = Trouble.objects.get()
    queue = clerk.get(url("trouble-list")).content.decode()
    assert "broken" in queue
    assert short.number in queue
    no = clerk.post(url("trouble-close", pk=trouble.pk), {"outcome": "rerouted"})
    assert no.status_code == 422
    assert "No other warehouse" in no.content.decode()
    clerk.post(url("trouble-close", pk=trouble.pk), {"outcome": "found", "words": "behind"})
    trouble.refresh_from_db()
    assert (trouble.outcome, trouble.closing) == ("found", "behind")
    assert short.consignments.get().state == "picked"


@pytest.mark.req("S3.51")
def test_warehouses_transfers_and_counts_at_the_desk(office) -> None:
    manager, clerk = office("Operations manager"), office("Warehouse clerk")
    record = ProductFactory(stock=9).stockrecords.get()
    main, lyon = WarehouseFactory(), OtherWarehouseFactory()
    place = {"name": "Aachen", "code": "ac", "country": "DE", "rank": 5, "cut_off": "15:30"}
    place |= {"working_days": ["1", "6"], "holidays": "2026-12-25", "is_sellable": "on"}
    assert manager.post(url("warehouse-add"), place | {"holidays": "soon"}).status_code == 422
    manager.post(url("warehouse-add"), place)
    assert Warehouse.objects.get(code="ac").working_days == "16"
    clerk.post(url("warehouse-bins", pk=main.pk), {"codes": "a-1, a-2"})
    put = {"sku": record.partner_sku, "bin": "a-1", "units": 10}
    assert clerk.post(url("warehouse-put", pk=main.pk), put).status_code == 422
    clerk.post(url("warehouse-put", pk=main.pk), put | {"units": 9})
    assert "A-1" in clerk.get(url("stock-detail", pk=record.pk)).content.decode()

    form = {"source": main.pk, "target": main.pk, "key": uuid4()}
    assert clerk.post(url("transfer-add"), form).status_code == 422
    clerk.post(url("transfer-add"), form | {"target": lyon.pk})
    moved = Transfer.objects.get()
    clerk.post(url("transfer-line", pk=moved.pk), {"sku": record.partner_sku, "units": 4})
    clerk.post(url("transfer-send", pk=moved.pk))
    line = moved.lines.get()
    came = {f"units_{line.pk}": 3, f"difference_{line.pk}": "", f"words_{line.pk}": ""}
    assert clerk.post(url("transfer-receive", pk=moved.pk), came).status_code == 422
    clerk.post(url("transfer-receive", pk=moved.pk), came | {f"difference_{line.pk}": "lost"})
    assert WarehouseStock.objects.get(warehouse=lyon).on_hand == 3

    plan = {"warehouse": main.pk, "bins": "a-1", "day": "2026-11-28", "key": uuid4()}
    assert clerk.post(url("count-add"), plan | {"bins": "z-9"}).status_code == 422
    clerk.post(url("count-add"), plan)
    counted = CycleCount.objects.get().lines.get()
    asked = clerk.post(url("count-enter", pk=counted.pk), {"counted": 4})
    assert asked.status_code == 422
    assert "say why" in asked.content.decode()
    clerk.post(url("count-enter", pk=counted.pk), {"counted": 4, "reason": "damaged"})
    assert StockMovement.objects.filter(reason="counted").get().quantity == -1


def test_hundreds_are_told_of_one_by_one(office) -> None:
    clerk, cup = office("Warehouse clerk"), ProductFactory(stock=9)
    orders = [paid(cup) for _number in range(2)]
    form = {"action": "pack", "key": uuid4(), "order": [one.pk for one in orders], "view": "routed"}

    answer = clerk.post(url("sending-batch"), form)

    batch = Batch.objects.get()
    assert answer["Location"] == url("batch-detail", pk=batch.pk)
    assert clerk.get(url("batch-state", pk=batch.pk))["HX-Refresh"] == "true"
    page = clerk.get(answer["Location"]).content.decode()
    assert all(order.number in page for order in orders)
    assert set(Consignment.objects.values_list("state", flat=True)) == {"packed"}


def split_order():
    """Two kinds of things, each in another warehouse; both parts are picked."""
    main, lyon = WarehouseFactory(), OtherWarehouseFactory()
    cup, jug = ProductFactory(stock=9), ProductFactory(stock=9)
    record = jug.stockrecords.get()
    moved = transfer_make(source=main, target=lyon, key=uuid4())
    transfer_line_set(transfer=moved, stock_record_id=record.pk, units=9)
    transfer_send(transfer=moved)
    transfer_receive(transfer=moved, came={})
    order = order_place(checkout=checkout_of(basket_with({cup: 1, jug: 1})))
    intent_open(intent=intent_of(order))
    intent_capture(intent=intent_of(order))
    relay()
    return order, main, lyon


def test_a_packing_table_opens_the_part_of_the_warehouse_in_which_it_stands(office) -> None:
    clerk = office("Warehouse clerk")
    order, main, lyon = split_order()
    parts = {one.warehouse_id: one for one in order.consignments.all()}
    assert set(parts) == {main.pk, lyon.pk}
    Consignment.objects.update(state="picked")

    refused = clerk.get(url("pack-table"), {"code": order.number})
    assert "Say first at which table you stand" in refused.text
    for place in (lyon, main):
        clerk.post(url("pack-place"), {"warehouse": place.pk})
        page = clerk.get(url("pack-table"))
        assert [one.pk for one in page.context["waiting"]] == [parts[place.pk].pk]
        opened = clerk.get(url("pack-table"), {"code": order.number})
        assert opened["Location"] == url("pack-consignment", pk=parts[place.pk].pk)
    Consignment.objects.filter(pk=parts[main.pk].pk).update(state="packed")
    elsewhere = clerk.get(url("pack-table"), {"code": order.number})
    assert f"It is packed elsewhere: {lyon}" in elsewhere.text
    clerk.post(url("pack-place"), {"warehouse": ""})
    assert clerk.get(url("pack-table"), {"code": order.number}).status_code == 302


def test_a_printed_list_follows_the_bins_of_each_warehouse_and_a_wave_has_its_own(
    office, monkeypatch
) -> None:
    clerk, main = office("Warehouse clerk"), WarehouseFactory()
    cup, jug = ProductFactory(stock=9, title_en="Cup"), ProductFactory(stock=9, title_en="Jug")
    for product, code, rank, units in ((cup, "B-9", 9, 9), (jug, "A-1", 1, 2), (jug, "C-1", 20, 7)):
        shelf = Bin.objects.create(warehouse=main, code=code, rank=rank)
        bin_put(shelf=shelf, stock_record_id=product.stockrecords.get().pk, units=units)
    one, two = paid(cup, 2), paid(jug, 8)
    press = []
    monkeypatch.setattr(
        papers, "print_pdf", lambda *, layout, data, at: press.append(data) or b"%PDF"
    )

    clerk.post(url("orders-pick"), {"order": [one.number, two.number]})

    (group,) = press[-1]["groups"]
    assert group["title"] == main.name
    assert [(row["bin"], row["quantity"]) for row in group["rows"]] == [
        ("A-1", "2"),
        ("B-9", "2"),
        ("C-1", "6"),
    ]
    wave = wave_make(warehouse=main, key=uuid4())
    assert "Print the pick list" in clerk.get(url("wave-detail", pk=wave.pk)).text
    assert clerk.get(url("wave-print", pk=wave.pk)).status_code == 200
    walk = press[-1]
    assert walk["kind"] == f"Pick list {wave}"
    assert [row["orders"] for row in walk["groups"][0]["rows"]] == [
        f"{part.tote} · {part.order.number}"
        for part in sorted(wave.consignments.all(), key=lambda part: part.order_id != two.pk)
    ]
    ConsignmentLine.objects.update(picked=F("quantity"))
    Consignment.objects.update(state="picked")
    assert clerk.get(url("wave-print", pk=wave.pk)).status_code == 302
    clerk.post(url("orders-pick"), {"order": [one.number]})
    assert len(press) == 2
