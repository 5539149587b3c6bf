"""The goods of an order in its timeline and beside it: floor, carrier, exceptions, complaints, claims."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from orders.carriers import services
from orders.carriers.models import CarrierMessage, Label
from orders.carriers.registry import tracking_link
from orders.fulfilment.models import Trouble
from orders.fulfilment.waves import line_pick, wave_make
from orders.life.timeline import order_timeline, shopper_timeline
from orders.links import order_token
from orders.models import Order
from orders.returns.services import complaint_make
from orders.services import order_pack
from payments.services import intent_capture
from shop.core.outbox import relay
from shop.dashboard.orders.around import neighbours
from shop.dashboard.orders.parcels import parcels_of
from shop.dashboard.selectors import work_counts
from tests.factories import OtherWarehouseFactory, ProductFactory, UserFactory, WarehouseFactory
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50")]


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def paid() -> Order:
    order = order_of(ProductFactory(stock=9), quantity=2)
    intent_capture(intent=intent_of(order))
    relay()
    return Order.objects.get(pk=order.pk)


def sent(order: Order) -> Label:
    """Picked in a wave, packed, labelled and taken by the carrier."""
    ken = UserFactory(first_name="Ken", last_name="Ito")
    wave = wave_make(warehouse=WarehouseFactory(), key=uuid4(), picker=ken, user=ken)
    line = order.consignments.get().lines.get()
    line_pick(line_id=line.pk, units=2, seen=0, user=ken)
    order_pack(order=order, user=ken)
    label = services.label_buy(parcel=order.shipments.get(), carrier="parcelway", user=ken)
    services.label_hand_over(label=label, user=ken)
    relay()
    assert wave.consignments.count() == 1
    return label


def goods(order: Order) -> dict[str, object]:
    found = order_timeline(Order.objects.get(pk=order.pk), lane="goods")
    return {one.title: one for one in found}


def test_the_goods_lane_tells_the_way_from_the_warehouse_to_what_went_wrong(outside, desk) -> None:
    order = paid()
    with CaptureQueriesContext(connection) as few:
        order_timeline(Order.objects.get(pk=order.pk))
    label = sent(order)
    outside.script("lost")
    outside.days_pass(9)
    services.label_refresh(label=label)
    complaint_make(
        order=Order.objects.get(pk=order.pk),
        kind="lost",
        wish="again",
        key=uuid4(),
        language="en",
        units={order.lines.get().pk: 2},
        parcel=label.shipment,
        words="Where is it?",
    )
    claim = services.claim_open(label=label, kind="lost", user=None)
    services.claim_move(claim=claim, state="sent")
    relay()

    moments = goods(order)

    picked = moments["2 units picked"]
    assert (picked.by, picked.note) == ("Ken Ito", str(order.consignments.get().warehouse))
    assert "2 ×" in moments[f"To be sent from {picked.note}"].note
    wave = order.consignments.get().wave
    assert moments[f"In wave {wave}, tote 1"].by == "Ken Ito"
    assert moments["Label bought"].note == f"Parcelway {label.tracking_number}"
    assert moments["The carrier cannot find it"].by == "told by the carrier"
    assert moments["Exception: Parcel is lost"].tone == "hot"
    assert moments["Complaint: It never came"].note == "Where is it?"
    assert "Claim: Handed in" in moments
    assert not {one.title for one in shopper_timeline(order)} & {"Label bought", "2 units picked"}

    # As many queries as before, but for the parcel's goods and what was sent.
    with CaptureQueriesContext(connection) as many:
        order_timeline(Order.objects.get(pk=order.pk))
    assert len(many) <= len(few) + 1

    page = desk.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()
    row = order.consignments.get()
    trouble = Trouble.objects.get(kind="lost")
    for name, pk in (
        ("sending-detail", row.pk),
        ("wave-detail", row.wave_id),
        ("complaint-detail", order.complaints.get().pk),
        ("claim-detail", claim.pk),
    ):
        assert reverse(f"dashboard:{name}", args=[pk]) in page
    queue = f"{reverse('dashboard:trouble-list')}?view=lost&order={order.number}"
    assert queue.replace("&", "&amp;") in page
    assert trouble.order.number in desk.get(queue).content.decode()
    assert order.number not in desk.get(queue + "0").content.decode().replace(
        order.number + "0", ""
    )
    parcel = parcels_of(order)[0]
    assert (parcel.state_shown, parcel.tone, parcel.is_late) == ("Lost", "hot", False)


def test_what_is_around_an_order_needs_the_right_to_see_it_and_no_query_per_row(outside) -> None:
    order, owner = paid(), UserFactory(is_staff=True, is_superuser=True)
    nobody = UserFactory(is_staff=True)
    label = sent(order)
    owner = User.objects.get(pk=owner.pk)
    with CaptureQueriesContext(connection) as few:
        assert [one.kind for one in neighbours(order, user=owner)] == ["Sent from"]
    other = OtherWarehouseFactory()
    for place in range(3):
        order.consignments.create(warehouse=other, rule="hand", state="void")
        Trouble.objects.create(order=order, kind="late" if place else "short")
    services.claim_open(label=label, kind="late", user=None)
    with CaptureQueriesContext(connection) as many:
        assert len(neighbours(order, user=owner)) == 8
    assert len(many) == len(few)
    assert neighbours(order, user=nobody) == []


@pytest.mark.req("S3.59")
def test_a_number_that_was_typed_leads_to_its_carrier(desk) -> None:
    order = paid()
    order_pack(order=order)
    form = {"carrier": "DHL", "tracking_number": "00 34/0"}
    desk.post(reverse("dashboard:order-ship", args=[order.number]), form)
    link = tracking_link("DHL", order.shipments.get().tracking_number)

    assert link.startswith("https://www.dhl.com/")
    assert "00%2034%2F0" in link
    assert tracking_link("parcelway", "PW1") == tracking_link("Our van", "7") == ""
    shown = link.replace("&", "&amp;")
    for page in (
        reverse("dashboard:order-detail", args=[order.number]),
        reverse("dashboard:parcel-list") + "?view=moving",
        reverse("orders:order-track", args=[order_token(order)]),
    ):
        assert shown in desk.get(page).content.decode()


@pytest.mark.req("S3.59")
def test_a_message_that_was_given_up_on_is_shown_counted_and_tried_again(outside, desk) -> None:
    label = sent(paid())
    outside.script("usual")
    outside.days_pass(2)
    Client().post(**outside.message(label.tracking_number))
    CarrierMessage.objects.update(attempts=12, parked_at=timezone.now(), last_error="no answer")
    lists, row = reverse("dashboard:carrier-message-list"), CarrierMessage.objects.get()

    assert work_counts().carrier_parked == 1
    shown = desk.get(lists).content.decode()
    assert "no answer" in shown
    assert label.order.number in shown
    home = desk.get(reverse("dashboard:index")).content.decode()
    assert "carrier message not worked off" in home
    assert "Carrier messages given up on" in desk.get(reverse("dashboard:status")).content.decode()

    outside.is_down = True
    retry = reverse("dashboard:carrier-message-retry", args=[row.pk])
    desk.post(retry)
    row.refresh_from_db()
    assert (row.parked_at, row.attempts, row.processed_at) == (None, 1, None)
    outside.is_down = False
    CarrierMessage.objects.update(parked_at=timezone.now())
    for _twice in range(2):
        desk.post(retry)
    row.refresh_from_db()
    label.refresh_from_db()
    assert row.processed_at is not None
    assert (label.state, work_counts().carrier_parked) == ("delivered", 0)
    assert label.tracking_number in desk.get(lists, {"view": "done"}).content.decode()
