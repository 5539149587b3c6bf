"""From supplier to doorstep: each stage counts the rows of the list that it opens."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.fulfilment.models import Consignment, OrderFacts, Shipment, Trouble
from orders.models import Order
from orders.services import order_pack
from payments.services import intent_capture
from shop.core.outbox import relay
from shop.dashboard.flow import GROUPS, flow_counts
from supply.models import ExpectedArrival, Transfer, TransferLine
from tests.factories import OtherWarehouseFactory, ProductFactory, WarehouseFactory
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.51")]
NOW = timezone.now()
HOUR = dt.timedelta(hours=1)


def paid(units: int = 1) -> Order:
    order = order_of(ProductFactory(stock=9), quantity=units)
    intent_capture(intent=intent_of(order))
    relay()
    return Order.objects.get(pk=order.pk)


def packed(units: int = 1, **facts) -> Shipment:
    """A parcel, with ``facts`` of where it is."""
    order = paid(units)
    order_pack(order=order)
    order.shipments.update(**facts)
    return order.shipments.get()


def one_of_each() -> None:
    main, lyon = WarehouseFactory(), OtherWarehouseFactory()
    record = ProductFactory(stock=9).stockrecords.get()
    day = timezone.localdate() - dt.timedelta(days=3)
    ExpectedArrival.objects.create(stock_record=record, day=day, units=40, key=uuid4())
    ExpectedArrival.objects.create(
        stock_record=record, day=day, units=7, key=uuid4(), state="arrived"
    )
    sent = Transfer.objects.create(
        source=main, target=lyon, key=uuid4(), state="sent", sent_at=NOW - 5 * HOUR
    )
    TransferLine.objects.create(transfer=sent, stock_record=record, sent=6)
    Transfer.objects.create(source=main, target=lyon, key=uuid4())
    paid(2)
    Consignment.objects.filter(order=paid(3)).update(state="picked")
    left = {"carrier": "DHL", "packed_at": NOW - 9 * HOUR, "shipped_at": NOW - 8 * HOUR}
    packed(1)
    packed(2, tracking_number="1", **left)
    late = packed(3, tracking_number="2", **left)
    OrderFacts.objects.filter(order=late.order).update(promised_until=day)
    packed(4, tracking_number="3", delivered_at=timezone.now(), **left)
    lost = packed(5, tracking_number="4", failed="lost", failed_at=NOW, **left)
    lost.labels.create(
        order=lost.order, carrier="parcelway", state="lost", tracking_number="4", handed_at=NOW
    )
    Trouble.objects.create(order=lost.order, kind="lost", shipment=lost)
    broken = packed(6, tracking_number="5", failed="damaged", failed_at=NOW, **left)
    Trouble.objects.create(order=broken.order, kind="damaged", shipment=broken)
    Trouble.objects.create(
        order=lost.order, kind="lost", shipment=late, closed_at=NOW, outcome="came"
    )


def test_every_stage_has_its_number_units_and_oldest_and_opens_as_many_rows(office) -> None:
    one_of_each()
    client = office("Operations manager")

    counts = flow_counts()

    assert {code: (one.number, one.units) for code, one in counts.items()} == {
        "expected": (1, 40),
        "transfer": (1, 6),
        "unrouted": (0, 0),
        "routed": (1, 2),
        "picking": (0, 0),
        "picked": (1, 3),
        "here": (1, 1),
        "moving": (2, 5),
        "late": (1, 3),
        "lost": (1, 5),
        "damaged": (1, 6),
        "returned": (0, 0),
        "today": (1, 4),
    }
    assert counts["moving"].since == NOW - 8 * HOUR
    page = client.get(reverse("dashboard:flow"))
    stages = [stage for group in page.context["groups"] for stage in group["stages"]]
    assert len(stages) == len(counts)
    for stage in stages:
        opened = client.get(stage["url"]).context
        assert str(opened["page_obj"].paginator.count) == stage["number"], stage["code"]
    hot = {stage["code"] for stage in stages if stage["is_hot"]}
    assert hot == {"expected", "late", "lost", "damaged"}
    assert "oldest: 5\xa0hours" in page.content.decode()


def test_it_is_one_statement_and_many_rows_are_counted_no_further(
    office, monkeypatch, django_assert_num_queries
) -> None:
    client = office("Operations manager")
    address = reverse("dashboard:flow")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    queries()
    few = queries()
    one_of_each()
    assert queries() == few
    with django_assert_num_queries(1):
        flow_counts()

    monkeypatch.setattr("shop.dashboard.flow.MOST_COUNTED", 1)
    assert flow_counts()["moving"].number == 1


def test_what_is_kept_is_dropped_by_a_change_in_the_office(office, settings) -> None:
    settings.FLOW_KEPT_SECONDS = 60
    client, order = office("Operations manager"), paid()
    assert flow_counts()["routed"].number == 1
    Consignment.objects.update(state="void")
    assert flow_counts()["routed"].number == 1

    client.post(reverse("dashboard:order-note", args=[order.number]), {"message": "seen"})

    assert flow_counts()["routed"].number == 0


def test_it_asks_again_by_itself_and_shows_only_what_one_may_open(office) -> None:
    clerk, address = office("Warehouse clerk"), reverse("dashboard:flow")
    inside = clerk.get(address, headers={"HX-Request": "true"})
    body = inside.content.decode()

    assert "<html" not in body
    assert f'data-hx-get="{address}" data-hx-trigger="every 20s"' in body
    assert "HX-Request" in inside["Vary"]
    assert office("Marketer").get(address).status_code == 403
    codes = {stage.code for _name, stages in GROUPS.values() for stage in stages}
    shown = {stage["code"] for group in inside.context["groups"] for stage in group["stages"]}
    assert shown <= codes
    assert {"routed", "here", "moving"} <= shown


def test_expected_deliveries_stand_in_a_list_the_overdue_first(office) -> None:
    one_of_each()
    clerk = office("Warehouse clerk")
    page = clerk.get(reverse("dashboard:arrival-list"))
    arrival = ExpectedArrival.objects.get(state="expected")
    assert [one.pk for one in page.context["page_obj"]] == [arrival.pk]
    assert "Overdue" in page.content.decode()

    clerk.post(reverse("dashboard:arrival-receive", args=[arrival.pk]))

    assert not clerk.get(reverse("dashboard:arrival-list")).context["page_obj"].object_list
    sent = clerk.get(reverse("dashboard:transfer-list"), {"view": "sent"})
    assert [one.state for one in sent.context["page_obj"]] == ["sent"]
    assert clerk.get(reverse("dashboard:transfer-list"), {"view": "x"}).status_code == 200
