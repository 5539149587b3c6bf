"""Something is added to an order before it is packed, or it is sent another way: to the cent, once."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from orders.additions.models import Addition
from orders.additions.pricing import addition_price, ways_of
from orders.additions.services import (
    addition_ask,
    addition_pay,
    additions_expire,
    order_delivery_edit,
)
from orders.exceptions import EditRefused, OnHold
from orders.fulfilment.models import ConsignmentLine
from orders.fulfilment.packing import Measure, box_close, item_pack
from orders.fulfilment.selectors import orders_unrouted
from orders.fulfilment.waves import wave_make
from orders.models import Order
from orders.papers.models import Document
from orders.services import order_cancel, order_pack, order_route
from orders.states import CancelReason
from payments.models import PaymentIntent, Refund
from payments.selectors import standing_of
from payments.services import intent_capture, intent_open
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.core.models import Mail
from shop.core.outbox import relay
from shop.demo.loader.added import added_load
from supply.models import WarehouseStock
from tests.factories import ProductFactory, UserFactory, WarehouseFactory
from tests.sales import intent_of, order_of, paid_order, refunds_finish
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50", "S5.04", "S5.16")]


def url(name: str, order: Order) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number})


def fresh(order: Order) -> Order:
    relay()
    return Order.objects.get(pk=order.pk)


def thing(price: str = "7.77") -> object:
    return ProductFactory(title_en="Jug", title_zh_hans="Jug", price=price, stock=5)


def offer_of(percent: int) -> None:
    everything = Range.objects.create(name="everything", includes_all_products=True)
    condition = Condition.objects.create(range=everything, type="Count", value=1)
    benefit = Benefit.objects.create(range=everything, type="Percentage", value=percent)
    ConditionalOffer.objects.create(name="Day", condition=condition, benefit=benefit)
    call_command("listing_rebuild", verbosity=0)


def ask(order: Order, product, units: int, key=None) -> bool:
    shown = addition_price(order=order, things={product: units}).incl
    return addition_ask(
        order=order, things={product: units}, shown=shown, key=key or uuid4(), user=None
    )


def holds(product) -> int:
    return product.stockrecords.get().num_allocated or 0


def test_what_is_added_is_priced_held_paid_by_its_link_and_then_part_of_the_order(
    office, client, provider
) -> None:
    agent, jug = office("Customer-service agent"), thing()
    order = paid_order(provider, quantity=2)
    offer_of(10)
    before = order.total_incl_tax
    sku = jug.stockrecords.get().partner_sku

    found = agent.get(url("order-edit", order), {"q": sku}).text
    assert sku in found
    assert "Show the price" in found
    priced = agent.post(url("order-edit-add", order), {"product": jug.pk, "quantity": 3}).text
    assert not Addition.objects.exists()
    assert holds(jug) == 0
    form = dict(re.findall(r'type="hidden" name="(shown|key|thing)" value="([^"]+)"', priced))
    for _twice in range(2):
        agent.post(url("order-edit-add", order), form)
    relay()

    addition = Addition.objects.get()
    assert addition.amount == Decimal(form["shown"]) == Decimal("23.31") - Decimal("2.33")
    assert holds(jug) == 3
    assert fresh(order).total_incl_tax == before
    assert "Withdraw it" in agent.get(url("order-edit", order)).text
    with pytest.raises(OnHold):
        order_pack(order=order)
    mail = Mail.objects.get(kind="order_addition")
    assert "+ 3 × Jug" in mail.text
    link = re.search(r"https?://[^/]+(/\S+/addition/)", mail.text).group(1)
    assert verified()[0], verified()[1]

    assert "Added to your order" in client.get(link.removesuffix("addition/")).text
    assert "Pay the difference" in client.get(link).text
    assert client.post(link, {"payment": "stripe"}).status_code == 303
    client.post(link, {"payment": "stripe"})
    intent = PaymentIntent.objects.get(part="addition:1")
    provider.control.pay(intent.reference)
    back = client.get(reverse("payment-return", args=[intent.key]), follow=True)
    relay()

    assert "What was added is paid" in back.text
    order = fresh(order)
    assert order.total_incl_tax == before + addition.amount == standing_of(order.number).kept
    assert order.lines.last().num_allocated == holds(jug) == 3
    parcel = order.consignments.get()  # it leaves with the rest
    assert list(parcel.lines.order_by("pk").values_list("quantity", flat=True)) == [2, 3]
    parts = Document.objects.filter(order=order).values_list("part", "total_incl_tax")
    assert dict(parts) == {"": before, "addition:1": addition.amount}
    assert verified()[0], verified()[1]
    order_cancel(order=order, reason=CancelReason.OPERATOR)
    for _round in range(2):
        relay()
        refunds_finish()
    relay()
    assert holds(jug) == 0
    assert Document.objects.filter(kind="credit_note").count() == 2
    assert verified()[0], verified()[1]


def test_what_is_not_paid_in_time_is_free_again_and_late_money_goes_back(
    settings, monkeypatch
) -> None:
    jug, order = thing(), order_of()
    intent_capture(intent=intent_of(order))
    order, total = fresh(order), fresh(order).total_incl_tax
    with pytest.raises(EditRefused, match="There are only 5 left"):
        ask(order, jug, 6)
    ask(order, jug, 2)
    monkeypatch.setattr(
        "orders.additions.services.ways_to_pay", lambda order: [type("W", (), {"code": "transfer"})]
    )
    late = intent_open(intent=addition_pay(order=order, gateway_code="transfer"))
    with pytest.raises(EditRefused, match="Withdraw"):
        ask(order, jug, 1)

    Addition.objects.update(expires_at=timezone.now())
    assert additions_expire() == 1
    assert additions_expire() == 0
    late.refresh_from_db()
    intent_capture(intent=late)
    order = fresh(order)

    assert holds(jug) == 0
    assert order.total_incl_tax == total
    assert Refund.objects.get().amount == late.amount
    refunds_finish()
    relay()
    assert Document.objects.get().total_incl_tax == total
    assert verified()[0], verified()[1]
    ask(order, jug, 2)
    order_cancel(order=order, reason=CancelReason.OPERATOR)
    assert holds(jug) == 0
    refunds_finish()
    relay()
    assert verified()[0], verified()[1]


def test_at_the_door_more_is_asked_for_at_once_and_another_way_costs_its_difference(office) -> None:
    agent, jug, order = office("Customer-service agent"), thing(), order_of(payment="cod")
    order = fresh(order)
    agent.post(
        url("order-edit-lines", order), {"key": uuid4(), f"line-{order.lines.get().pk}": "x"}
    )
    ask(order, jug, 2)
    order = fresh(order)
    assert intent_of(order).amount == order.total_incl_tax
    assert order.lines.count() == 2

    express = next(one for one in ways_of(order) if one.code == "express")
    form = {"code": "express", "shown-express": str(express.more), "key": uuid4()}
    stale = {**form, "shown-express": str(express.more - 1)}
    assert agent.post(url("order-edit-delivery", order), stale).status_code == 422
    for _twice in range(2):
        assert agent.post(url("order-edit-delivery", order), form).status_code == 302
    order = fresh(order)
    assert order.shipping_code == "express"
    assert order.shipping_incl_tax == express.incl
    assert intent_of(order).amount == order.total_incl_tax
    (standard,) = [one for one in ways_of(order) if one.code == "standard"]
    order_delivery_edit(order=order, code="standard", shown=standard.more, key=uuid4())
    order = fresh(order)

    assert intent_of(order).amount == order.total_incl_tax
    assert "Delivery: Express → Standard" in Mail.objects.filter(kind="order_changed").last().text
    assert verified()[0], verified()[1]
    order_pack(order=order)
    with pytest.raises(EditRefused, match="not packed yet"):
        ask(order, jug, 1)


def test_the_demo_shows_one_that_is_paid_and_one_that_waits(provider) -> None:
    for price in ("4.00", "6.00", "8.00"):
        ProductFactory(price=price, stock=30)
    for _each in range(2):
        paid_order(provider)

    added_load(agent=UserFactory(), now=timezone.now())

    assert sorted(Addition.objects.values_list("state", flat=True)) == ["done", "waiting"]
    assert not Mail.objects.filter(kind="order_addition").exists()
    assert verified()[0], verified()[1]


def routed_units(order: Order) -> dict[str, int]:
    return {
        line.order_line.partner_sku: line.quantity
        for part in order.consignments.exclude(state="void")
        for line in part.lines.all()
    }


@pytest.mark.req("S3.58")
def test_what_is_added_goes_to_a_warehouse_and_into_the_tote_of_who_picks_it(provider) -> None:
    order, jug = paid_order(provider), thing("0.00")
    main = WarehouseFactory()
    first = order.consignments.get()
    wave_make(warehouse=main, key=uuid4())

    ask(order, jug, 2)
    relay()

    first.refresh_from_db()
    assert (first.state, order.consignments.count()) == ("picking", 1)
    assert routed_units(order)[jug.stockrecords.get().partner_sku] == 2
    assert not orders_unrouted().exists()


@pytest.mark.req("S3.58")
def test_what_no_warehouse_has_of_an_order_waits_in_to_route_and_its_packer_is_told(
    office, provider
) -> None:
    clerk, order, jug = office("Warehouse clerk"), paid_order(provider, quantity=2), thing("0.00")
    part = order.consignments.get()
    ask(order, jug, 2)
    relay()
    ConsignmentLine.objects.filter(order_line__product=jug).delete()
    WarehouseStock.objects.filter(stock_record__product=jug).update(reserved=0)

    listed = clerk.get(reverse("dashboard:sending-list"), {"view": "unrouted"})
    assert [(row.pk, row.units) for row in listed.context["page_obj"]] == [(order.pk, 2)]
    sku = order.lines.first().partner_sku
    for _unit in range(2):
        item_pack(consignment=part, code=sku, user=None)
    box_close(consignment=part, measure=Measure("s", 800, 250, 175, 100), user=None)

    page = clerk.get(reverse("dashboard:pack-consignment", args=[part.pk])).text
    assert "2 units have no warehouse yet" in page
    assert fresh(order).status == "paid"
    order_route(order=order)
    assert not orders_unrouted().exists()
    page = clerk.get(reverse("dashboard:pack-consignment", args=[part.pk])).text
    assert "The rest of the order" in page
    assert "have no warehouse yet" not in page
