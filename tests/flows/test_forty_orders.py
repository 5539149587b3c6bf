"""From paid to the door and back: many orders through the whole house, the books clean at the end.

Five orders here; ``WALK_ORDERS=40`` for the day of a warehouse (docs/warehouses.md).
"""

import os
from collections import Counter
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.carriers import services as carriers
from orders.carriers.models import Claim, Label, Manifest
from orders.carriers.services import manifests
from orders.carriers.tasks import parcels_ask
from orders.fulfilment.models import Consignment, OrderFacts, Trouble, Wave
from orders.fulfilment.packing import Measure, box_close, item_pack
from orders.fulfilment.walk import wave_stops
from orders.fulfilment.waves import line_pick, wave_make
from orders.links import links_by_token, order_token
from orders.models import Order
from orders.returns import services as returns
from orders.returns.amounts import proposal_of
from orders.returns.models import LinkedOrder
from orders.returns.services import Found, Wanted
from orders.services import order_place
from payments.localprovider.parcels import api
from payments.services import intent_capture, intent_open
from shop.core.models import Mail
from shop.core.outbox import relay
from supply.models import Bin, BinStock
from tests.carriers.conftest import outside  # noqa: F401  a fixture
from tests.factories import UserFactory, WarehouseFactory, product_with_variants
from tests.sales import basket_with, checkout_of, intent_of
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.14", "S3.50", "S3.51", "S3.52", "S3.58")]

ORDERS = int(os.environ.get("WALK_ORDERS", "5"))
SMALL = Measure("s", 800, 250, 175, 100)


def news_told() -> None:
    """All of it, however much there is; one relay stops after some hundreds."""
    while relay():
        pass


def shelved() -> list:
    """Six variants, each in a bin of its own."""
    things = []
    for family in range(2):
        parent = product_with_variants(
            colours={"red": 99, "blue": 99, "green": 99}, price=f"{20 + family}.00"
        )
        things += parent.children.order_by("pk")
    main = WarehouseFactory()
    for place, product in enumerate(things):
        shelf = Bin.objects.create(warehouse=main, code=f"A-{place + 1:02}", rank=place)
        BinStock.objects.create(bin=shelf, stock_record=product.stockrecords.get(), units=99)
    return things


def placed(things: list, number: int) -> Order:
    """By members who read English or Chinese in turn; two things each."""
    user = UserFactory()
    basket = basket_with({things[number % 6]: 2, things[(number + 1) % 6]: 1}, owner=user)
    checkout = checkout_of(basket, user=user)
    language = "zh-hans" if number % 2 else "en"
    order = order_place(checkout=type(checkout)(**{**vars(checkout), "language": language}))
    intent_capture(intent=intent_open(intent=intent_of(order)))
    return order


def picked_and_packed(clerk) -> None:
    """Waves of twelve, walked bin by bin; then each order scanned into a box."""
    while Consignment.objects.filter(state="routed").exists():
        wave_make(warehouse=WarehouseFactory(), key=uuid4(), limit=12)
    for wave in Wave.objects.all():
        codes = [stop.bin.code for stop in wave_stops(wave)]
        assert codes == sorted(codes)
        for stop in wave_stops(wave):
            line_pick(line_id=stop.line.pk, units=stop.line.quantity, seen=0, user=clerk)
    for consignment in Consignment.objects.filter(state="picked").order_by("wave", "tote"):
        for line in consignment.lines.select_related("order_line"):
            for _unit in range(line.quantity):
                item_pack(consignment=consignment, code=line.order_line.partner_sku, user=clerk)
        box_close(consignment=consignment, measure=SMALL, user=clerk)


def handed_over(clerk) -> None:
    """A label for each parcel, scanned onto the list, which the driver takes."""
    for order in Order.objects.filter(status="packed"):
        carriers.label_buy(parcel=order.shipments.get(), carrier="parcelway", user=clerk)
    paper = carriers.manifest_open(carrier="parcelway", warehouse=WarehouseFactory(), user=clerk)
    for label in Label.objects.filter(state="bought", is_return=False):
        manifests.manifest_scan(manifest=paper, code=label.tracking_number)
    assert manifests.manifest_close(manifest=paper, user=clerk) == []


def days_pass(outside, days: float) -> None:  # noqa: F811
    """Time goes by at the carrier, and the clock of the shop asks."""
    outside.days_pass(days)
    Label.objects.exclude(handed_at=None).update(checked_at=None)
    parcels_ask()
    news_told()


@pytest.mark.django_db
def test_orders_walk_from_paid_to_the_door_and_some_come_back(outside, monkeypatch):  # noqa: F811
    monkeypatch.setattr(api, "label_pdf", lambda *_facts: b"%PDF")  # looked at in tests/carriers
    clerk = UserFactory(is_staff=True, is_superuser=True)
    things = shelved()
    orders = [placed(things, number) for number in range(ORDERS)]
    news_told()
    assert Consignment.objects.filter(state="routed").count() == ORDERS
    picked_and_packed(clerk)
    assert Counter(Order.objects.values_list("status", flat=True)) == {"packed": ORDERS}
    handed_over(clerk)
    news_told()
    assert Counter(Order.objects.values_list("status", flat=True)) == {"shipped": ORDERS}
    late, lost = (order.labels.get() for order in orders[:2])
    outside.script("usual")
    for label, script in ((late, "late"), (lost, "lost")):
        outside.parcels.rows.execute(
            "UPDATE parcels SET script = ? WHERE number = ?", (script, label.tracking_number)
        )

    days_pass(outside, 1.5)
    arrived = Order.objects.filter(status="delivered")
    assert arrived.count() == ORDERS - 2
    days_pass(outside, 4.5)
    late.refresh_from_db()
    lost.refresh_from_db()
    assert (late.state, lost.state) == ("delivered", "lost")
    assert set(Trouble.objects.values_list("kind", flat=True)) == {"late", "lost"}
    again = returns.parcel_again(parcel=lost.shipment, user=clerk)
    claim = carriers.claim_open(label=lost, kind="lost", user=clerk)
    assert (
        claim.amount
        == orders[1].lines.all()[0].line_price_incl_tax
        + orders[1].lines.all()[1].line_price_incl_tax
        + lost.cost
    )

    part, whole = orders[2], orders[3]
    line = part.lines.order_by("pk")[0]
    back = returns.return_ask(
        order=part,
        wanted=[Wanted(line.pk, 2, "damaged")],
        key=uuid4(),
        language="en",
        photos=[ContentFile(b"RIFF....WEBP", name="corner.webp")],
    )
    returns.return_approve(back=back, user=clerk)
    returns.return_label(back=back)
    returns.return_drop(back=back)
    returns.return_receive(back=back, user=clerk)
    returns.return_inspect(
        back=back, found={back.lines.get().pk: Found(restock=1, scrap=1)}, user=clerk
    )
    back.refresh_from_db()
    returns.return_refund(back=back, amount=proposal_of(back).total, user=clerk)
    wish = whole.lines.order_by("pk")[1]
    other = wish.product.parent.children.exclude(pk=wish.product_id).order_by("pk")[0]
    swap = returns.return_ask(
        order=whole,
        wanted=[Wanted(wish.pk, 1, "fit", swap_id=other.pk)],
        key=uuid4(),
        language="zh-hans",
        wish="exchange",
    )
    returns.return_approve(back=swap, user=clerk)
    returns.return_receive(back=swap, user=clerk)
    returns.return_inspect(back=swap, found={swap.lines.get().pk: Found(restock=1)}, user=clerk)
    swap.refresh_from_db()
    returns.return_exchange(back=swap, user=clerk)
    news_told()
    picked_and_packed(clerk)
    handed_over(clerk)
    outside.parcels.rows.execute("UPDATE parcels SET script = 'usual' WHERE told = 0")
    days_pass(outside, 1.5)

    assert LinkedOrder.objects.filter(order__status="delivered").count() == 2
    assert again.order_id in LinkedOrder.objects.values_list("order_id", flat=True)
    assert Manifest.objects.filter(closed_at__isnull=False).count() == 2
    assert Claim.objects.get().state == "open"
    for number, order in enumerate(orders):
        language = "zh-hans" if number % 2 else "en"
        mails = Mail.objects.filter(reference=order.number)
        assert set(mails.values_list("language", flat=True)) == {language}, order.number
        kinds = set(mails.values_list("kind", flat=True))
        wanted = {"order_shipped", "parcel_lost"} if number == 1 else {"order_delivered"}
        assert wanted <= kinds, (number, kinds)
        if number < 4:
            page = Client().get(links_by_token(order_token(order)).track)
            assert page.status_code == 200
    today = timezone.localdate()
    assert all(order.facts.promised_until >= today for order in orders)
    OrderFacts.objects.update(promised_until=today)  # the day of all of them is today
    office = Client()
    office.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = office.get(reverse("dashboard:parcel-figures"))
    row = page.context["rows"][0]
    assert row["row"].parcels == ORDERS + 2
    assert row["row"].lost == 1
    opened = office.get(row["url"])
    assert opened.context["page_obj"].paginator.count == ORDERS + 2
    on_time = office.get(row["on_time_url"]).context["page_obj"].paginator.count
    assert on_time == row["row"].on_time == ORDERS + 1
    assert verified()[0], verified()[1]
