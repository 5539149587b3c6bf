"""Orders of which a part has left: what is still here can end, to the cent, and pages say so."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from orders import services
from orders.exceptions import EditRefused, ImpossibleStep
from orders.fulfilment.models import Shipment, Trouble
from orders.fulfilment.packing import Measure, box_close, item_pack
from orders.fulfilment.waves import line_short, wave_make
from orders.life.editing import order_lines_edit
from orders.links import links_by_token, order_token
from orders.models import Order
from orders.pages import OrderPage
from orders.papers.models import Document
from orders.refunds.services import refund_ask
from orders.returns.selectors import returnables_of
from orders.selectors import order_of_number
from payments.models import Refund
from payments.selectors import standing_of
from payments.services import intent_capture, intent_open, refunds_resume
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.factories import ProductFactory, UserFactory
from tests.sales import basket_with, checkout_of, intent_of, refunds_finish
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50", "S5.16")]
SMALL = Measure("s", 800, 250, 175, 100)


def settled(order: Order) -> Order:
    for _round in range(3):
        relay()
        refunds_resume()
    return Order.objects.get(pk=order.pk)


def of_two(*, payment: str = "transfer", **units: int) -> Order:
    """Mugs at 10.00, pots at 7.77."""
    units = units or {"Mug": 3, "Pot": 2}
    products = {
        ProductFactory(title_en=name, title_zh_hans=name, price=price, stock=9): units[name]
        for name, price in (("Mug", "10.00"), ("Pot", "7.77"))
        if name in units
    }
    order = services.order_place(checkout=checkout_of(basket_with(products), payment=payment))
    intent = intent_of(order)
    if payment == "transfer":
        intent_capture(intent=intent_open(intent=intent))
    else:
        intent_open(intent=intent)
    return settled(order)


def boxed(order: Order, *skus: str, close: bool = True) -> Shipment:
    """These things go into the open box, which is closed then."""
    consignment = order.consignments.exclude(state__in=("left", "void")).get()
    user = UserFactory()
    for sku in skus:
        parcel = item_pack(consignment=consignment, code=sku, user=user)
    return box_close(consignment=consignment, measure=SMALL, user=user) if close else parcel


def skus(order: Order) -> list[str]:
    return [line.partner_sku for line in order.lines.order_by("pk")]


def partly_sent(order: Order) -> Order:
    """One mug left."""
    services.order_route(order=order)
    parcel = boxed(order, skus(order)[0])
    services.parcel_ship(parcel=parcel, carrier="DHL", tracking_number="1")
    return settled(order)


def test_the_rest_ends_with_stock_money_paper_and_mail_and_what_left_stays() -> None:
    order = partly_sent(of_two())
    mug, pot = order.lines.order_by("pk")

    assert services.order_rest_cancel(order=order, user=UserFactory()) is True
    assert services.order_rest_cancel(order=order) is False

    refunds_finish()
    order = settled(order)
    assert order.status == "shipped"
    left = order.lines.get()
    assert (left.pk, left.quantity, left.num_allocated) == (mug.pk, 1, 0)
    assert (mug.stockrecord.num_in_stock - 0, mug.stockrecord.num_allocated) == (8, 0)
    assert (pot.stockrecord.num_in_stock, pot.stockrecord.num_allocated) == (9, 0)
    refund = Refund.objects.get()
    assert refund.amount == Decimal("20.00") + Decimal("15.54")
    assert standing_of(order.number).kept == order.total_incl_tax
    assert Document.objects.get(kind="credit_note").total_incl_tax == refund.amount
    mail = Mail.objects.get(kind="order_changed")
    assert "Mug: 3 → 1\nPot: 2 → 0\nWhat had not left yet is cancelled." in mail.text
    services.order_deliver(order=order)
    assert verified()[0], verified()[1]


def test_what_arrived_makes_the_order_delivered_when_the_rest_ends() -> None:
    order = partly_sent(of_two(payment="cod"))
    order.shipments.update(delivered_at=timezone.now())

    services.order_rest_cancel(order=order)

    order = settled(order)
    assert order.status == "delivered"
    assert intent_of(order).amount == order.total_incl_tax
    intent_capture(intent=intent_of(order))
    order = settled(order)
    assert verified()[0], verified()[1]


def test_what_is_in_a_box_stays_and_leaves_by_itself() -> None:
    order = partly_sent(of_two())
    boxed(order, skus(order)[1])
    mug, pot = order.lines.order_by("pk")

    with pytest.raises(EditRefused, match="left already"):
        order_lines_edit(order=order, quantities={mug.pk: 0}, key=uuid4())
    with pytest.raises(EditRefused, match="in a parcel"):
        order_lines_edit(order=order, quantities={pot.pk: 0}, key=uuid4())
    services.order_rest_cancel(order=order)
    order = settled(order)
    assert order.status == "packed"
    assert [line.quantity for line in order.lines.order_by("pk")] == [1, 1]
    with pytest.raises(EditRefused, match="out of the box"):
        services.order_rest_cancel(order=order)

    services.order_ship(order=order, carrier="DHL", tracking_number="2")

    assert settled(order).status == "shipped"
    assert verified()[0], verified()[1]


def test_less_of_what_has_not_left_is_an_edit_like_any_other() -> None:
    order = partly_sent(of_two())
    mug, pot = order.lines.order_by("pk")

    order_lines_edit(order=order, quantities={mug.pk: 2, pot.pk: 1}, key=uuid4())

    order = settled(order)
    assert order.status == "paid"
    assert [(one.quantity, one.num_allocated) for one in order.lines.order_by("pk")] == [
        (2, 1),
        (1, 1),
    ]
    services.order_pack(order=order)
    services.order_ship(order=order, carrier="DHL", tracking_number="2")
    assert settled(order).status == "shipped"
    assert verified()[0], verified()[1]


def test_nothing_left_yet_is_ended_whole_and_no_line_gives_back_more_than_it_cost() -> None:
    order = of_two(Mug=3)
    with pytest.raises(ImpossibleStep, match="nothing of"):
        services.order_rest_cancel(order=order)
    order = partly_sent(order)
    line, clerk = order.lines.get(), UserFactory(is_superuser=True)
    refund_ask(order=order, reason="late", key=uuid4(), user=clerk, units={line.pk: 2})

    services.order_rest_cancel(order=order)

    order = settled(order)
    assert sum(Refund.objects.values_list("amount", flat=True)) == Decimal("30.00")
    assert standing_of(order.number).kept == order.shipping_incl_tax
    assert verified()[0], verified()[1]


def test_what_is_short_is_taken_out_of_an_order_that_left_in_part() -> None:
    """The queue says so, and it is possible."""
    order = of_two(Mug=3)
    wave = wave_make(
        warehouse=order.consignments.get().warehouse, key=uuid4(), picker=UserFactory()
    )
    line = order.consignments.get().lines.get()
    line_short(line_id=line.pk, found=1, seen=0, user=wave.picker)
    boxed_one = boxed(order, skus(order)[0])
    services.parcel_ship(parcel=boxed_one, carrier="DHL", tracking_number="1")

    services.order_rest_cancel(order=order)

    assert settled(order).status == "shipped"
    assert Trouble.objects.get().outcome == "less"
    assert verified()[0], verified()[1]


def test_pages_offer_the_steps_that_are_legal_and_say_how_far_each_line_is(client) -> None:
    order, agent = partly_sent(of_two()), Client()
    agent.force_login(UserFactory(is_staff=True, is_superuser=True))
    url = reverse("dashboard:order-detail", kwargs={"number": order.number})

    text = agent.get(url).content.decode()

    assert "Partly sent" in text
    assert reverse("dashboard:order-rest-cancel", args=[order.number]) in text
    assert reverse("dashboard:order-cancel", args=[order.number]) not in text
    first, second = (boxed(order, skus(order)[place]) for place in (0, 1))
    text = agent.get(url).content.decode()
    assert "1 × Mug" in text
    assert f'value="{second.pk}"' in text
    form = {"parcel": second.pk, "carrier": "DHL", "tracking_number": "1"}
    assert (
        "not possible"
        in agent.post(
            reverse("dashboard:order-ship", args=[order.number]), form, follow=True
        ).content.decode()
    )
    agent.post(
        reverse("dashboard:order-ship", args=[order.number]), {**form, "tracking_number": "2"}
    )
    second.refresh_from_db()
    first.refresh_from_db()
    assert (bool(second.shipped_at), bool(first.shipped_at)) == (True, False)
    agent.post(reverse("dashboard:order-rest-cancel", args=[order.number]), {"confirmed": "on"})
    assert settled(order).status == "packed"

    order.shipments.filter(tracking_number="1").update(delivered_at=timezone.now())
    shown = order_of_number(order.number)
    assert shown is not None
    page = OrderPage(shown, links_by_token(order_token(shown)))
    assert (page.state_word, page.chip, page.can_cancel) == ("Partly sent", "shipped", False)
    assert [line.state for line in page.lines] == ["1 arrived · 1 not sent yet", "On its way"]
    with translation.override("zh-hans"):
        assert page.state_word == "部分发货"
        assert "其余" in page.sentence
    answer = client.get(links_by_token(order_token(shown)).page)
    assert "1 arrived · 1 not sent yet" in answer.content.decode()


def test_what_arrived_may_come_back_before_the_rest_has_left(client) -> None:
    order = partly_sent(of_two())
    order.shipments.update(delivered_at=timezone.now())
    shown = order_of_number(order.number)
    assert shown is not None
    page = OrderPage(shown, links_by_token(order_token(shown)))

    assert [(one.left, one.arrived) for one in returnables_of(order)] == [(1, None)]
    assert page.return_offer is not None
    assert page.return_offer.is_open
    assert page.return_offer.sentence.startswith("You can send back what has arrived")
    assert page.can_complain
    assert not page.can_cancel
