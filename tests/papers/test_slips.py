"""A slip for each box, with what is in it and nothing else; pick lists by warehouse."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders import services
from orders.fulfilment.models import Shipment
from orders.fulfilment.packing import box_close, item_pack
from orders.models import Order
from orders.papers.slips import orders_to_send, packs_of
from tests import sales
from tests.factories import (
    OtherWarehouseFactory,
    ProductFactory,
    UserFactory,
    WarehouseFactory,
)
from tests.orders.test_fulfilment import bring
from tests.papers.support import sold, words_of
from tests.payments.parcels import SMALL, box_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22", "S3.58")]


def thing(english: str, chinese: str, **fields: Any) -> Any:
    return ProductFactory(title_en=english, title_zh_hans=chinese, price="24.00", **fields)


@pytest.fixture
def clerk(office) -> Any:
    return office("Warehouse clerk")


def slip_of(clerk: Any, box: Shipment) -> str:
    (page,) = words_of(clerk.get(reverse("dashboard:box-slip", args=[box.pk])))
    return page


def slips_of(clerk: Any, order: Order) -> list[str]:
    return words_of(clerk.get(reverse("dashboard:order-slip", args=[order.number])))


def test_each_of_two_boxes_has_its_own_slip(clerk):
    mug, pot = thing("Mug", "马克杯"), thing("Pot", "花盆")
    order = sold({mug: 3, pot: 1})
    (before,) = slips_of(clerk, order)
    first = box_of(order, {mug: 1, pot: 1})
    alone = slip_of(clerk, first)
    second = box_of(order, {mug: 2})

    one, two = slip_of(clerk, first), slip_of(clerk, second)

    assert "3 × Mug" in before
    assert "Parcel" not in before
    assert "separately" not in before
    assert "Parcel 1" in alone  # how many there will be is not known yet
    assert "of 2" not in alone
    for text, place in ((one, "Parcel 1 of 2"), (two, "Parcel 2 of 2")):
        assert place in text
        assert order.number in text
        assert "A part of your order. The rest comes separately." in text
        assert "€" not in text
        assert "24.00" not in text
    assert "1 × Mug 1 of the 3 that you ordered" in one
    assert "1 × Pot SKU" in one
    assert "2 units" in one
    assert "2 × Mug 2 of the 3 that you ordered" in two
    assert "Pot" not in two
    assert slips_of(clerk, order) == [one, two]


def test_a_chinese_order_has_chinese_slips(clerk, monkeypatch):
    monkeypatch.setattr(sales, "LANGUAGE", "zh-hans")
    mug, pot = thing("Mug", "马克杯"), thing("Pot", "花盆")
    order = sold({mug: 3, pot: 1})
    boxes = box_of(order, {mug: 1, pot: 1}), box_of(order, {mug: 2})

    one, two = (slip_of(clerk, box).replace(" ", "") for box in boxes)

    assert "装箱单第1个包裹，共2个" in one
    assert "这是订单的一部分。其余商品另行发出。" in one
    assert "1×马克杯你订购的3件中的1件" in one
    assert "花盆" in one
    assert "第2个包裹，共2个" in two
    assert "2×马克杯" in two
    assert "花盆" not in two
    assert "Mug" not in one + two


def test_all_in_one_box_is_no_part(clerk):
    mug = thing("Mug", "马克杯")
    order = sold({mug: 2})

    text = slip_of(clerk, box_of(order, {mug: 2}))

    assert "2 × Mug SKU" in text
    assert "Parcel" not in text
    assert "separately" not in text


def test_what_was_cancelled_stands_on_no_slip(clerk):
    mug, pot, jug = thing("Mug", "杯"), thing("Pot", "盆"), thing("Jug", "壶")
    order = sold({mug: 3, pot: 2, jug: 1})
    first = box_of(order, {mug: 1})
    services.parcel_ship(parcel=first, carrier="DHL", tracking_number="1")
    second = box_of(order, {pot: 1})
    assert [pack.total for pack in packs_of(*orders_to_send([order.number]))] == [0, 0, 0]

    services.order_rest_cancel(order=order)

    one, two = slip_of(clerk, first), slip_of(clerk, second)
    assert "Parcel 1 of 2" in one
    assert "Parcel 2 of 2" in two
    assert "1 × Mug SKU" in one
    assert "1 × Pot SKU" in two
    for text in (one, two):
        assert "Jug" not in text
        assert "ordered SKU" not in text
    assert slips_of(clerk, order) == [two]


def test_two_warehouses_have_slips_and_pick_lists_of_their_own(clerk):
    main, lyon = WarehouseFactory(), OtherWarehouseFactory()
    mug, pot = thing("Mug", "杯", stock=2), thing("Pot", "盆", stock=0)
    bring(pot, 3, lyon)
    order = sold({mug: 2, pot: 3})
    asked = {"order": [order.number], "next": "/dashboard/orders/"}

    pages = words_of(clerk.post(reverse("dashboard:orders-pick"), asked))

    assert len(pages) == 2
    for page, place, title, other in zip(
        pages, (main, lyon), ("Mug", "Pot"), ("Pot", "Mug"), strict=True
    ):
        assert f"Pick list {place.name}" in page
        assert title in page
        assert other not in page
        assert "1 / 1" in page
    assert "2 / 5" in pages[0]
    assert "3 / 5" in pages[1]

    boxes = []
    for place, product in ((lyon, pot), (main, mug)):
        consignment = order.consignments.get(warehouse=place)
        sku = product.stockrecords.get().partner_sku
        for _unit in range(consignment.lines.get().quantity):
            item_pack(consignment=consignment, code=sku, user=UserFactory())
        boxes.append(box_close(consignment=consignment, measure=SMALL, user=UserFactory()))
    here, there = (slip_of(clerk, box) for box in reversed(boxes))
    assert "2 × Mug SKU" in here
    assert "Pot" not in here
    assert "Parcel 2 of 2" in here
    assert "3 × Pot SKU" in there
    assert "Mug" not in there
    assert "Parcel 1 of 2" in there


def test_the_packing_table_links_the_slip_of_each_box_open_or_closed(clerk, office):
    mug = thing("Mug", "杯")
    order = sold({mug: 3})
    closed, consignment = box_of(order, {mug: 1}), order.consignments.get()
    sku = mug.stockrecords.get().partner_sku
    opened = item_pack(consignment=consignment, code=sku, user=UserFactory())
    links = [reverse("dashboard:box-slip", args=[box.pk]) for box in (closed, opened)]

    table = clerk.get(reverse("dashboard:pack-table")).content.decode()
    page = clerk.get(reverse("dashboard:pack-consignment", args=[consignment.pk])).content.decode()
    desk = clerk.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()

    assert [link in table for link in links] == [True, False]
    assert all(link in page and link in desk for link in links)
    assert "Parcel 2" in slip_of(clerk, opened)
    empty = order.shipments.create()
    nothing = clerk.get(reverse("dashboard:box-slip", args=[empty.pk]), follow=True)
    assert "Nothing is in the box yet." in nothing.content.decode()
    assert office("Finance").get(links[0]).status_code == 403


def test_more_orders_and_boxes_take_no_more_queries():
    mug = thing("Mug", "杯", stock=20)

    def made() -> str:
        order = sold({mug: 2})
        box_of(order, {mug: 1})
        box_of(order, {mug: 1})
        return order.number

    def counted(numbers: list[str]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert [len(packs_of(one)) for one in orders_to_send(numbers)] == [2] * len(numbers)
        return len(seen)

    first, *more = [made() for _order in range(3)]

    assert counted([first]) == counted([first, *more]) == 4
