"""An order that somebody has to look at waits: it is neither packed nor shipped until released."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from orders.exceptions import OnHold
from orders.life.holds import order_hold, order_release
from orders.life.models import HoldReason, OrderHold
from orders.links import order_token
from orders.models import Order
from orders.services import order_cancel, order_pack, order_ship
from orders.states import CancelReason
from payments.services import intent_capture
from shop.core.outbox import relay
from shop.dashboard.selectors import work_counts
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50")]


def paid() -> Order:
    order = order_of()
    intent_capture(intent=intent_of(order))
    relay()
    order.refresh_from_db()
    return order


def url(name: str, order: Order) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number})


def said(response) -> str:
    return str(list(get_messages(response.wsgi_request))[-1])


def test_a_held_order_waits_until_somebody_says_what_was_found_out(office) -> None:
    agent, clerk, order = office("Customer-service agent"), office("Warehouse clerk"), paid()

    unsaid = agent.post(url("order-hold", order), {"reason": "other", "words": "  "})
    agent.post(url("order-hold", order), {"reason": "address", "words": "No <b> house number"})
    again = agent.post(url("order-hold", order), {"reason": "fraud"})
    refused = clerk.post(url("order-pack", order))

    assert unsaid.status_code == 422
    assert said(again) == "This order is on hold already."
    assert "on hold" in said(refused)
    hold = OrderHold.objects.get()
    assert (hold.reason, hold.held_by is None) == (HoldReason.ADDRESS, False)
    assert "No &lt;b&gt; house number" in clerk.get(url("order-detail", order)).content.decode()
    assert (work_counts().on_hold, work_counts().to_pack) == (1, 0)
    listed = clerk.get(reverse("dashboard:order-list"), {"view": "on_hold"})
    assert [row["number"] for row in listed.context["rows"]] == [order.number]
    assert clerk.get(reverse("dashboard:order-list")).context["rows"] == []

    assert agent.post(url("order-release", order), {"words": ""}).status_code == 422
    agent.post(url("order-release", order), {"words": "It is 14b."})
    clerk.post(url("order-pack", order))

    order.refresh_from_db()
    hold.refresh_from_db()
    assert (order.status, hold.release_words) == ("packed", "It is 14b.")
    assert hold.released_by == hold.held_by
    assert (work_counts().on_hold, work_counts().to_ship) == (0, 1)


def test_a_packed_parcel_is_kept_back_too_and_cancelling_ends_the_hold() -> None:
    order = paid()
    order_pack(order=order)
    order_hold(order=order, reason=HoldReason.STOCK)

    with pytest.raises(OnHold):
        order_ship(order=order, carrier="DHL", tracking_number="1")
    order_cancel(order=order, reason=CancelReason.OPERATOR)

    assert not order.shipments.exists()
    assert OrderHold.objects.get().released_at is not None
    assert order_release(order=order, words="x") is False


@pytest.mark.req("S1.01")
def test_the_shopper_is_told_that_it_takes_a_moment_but_not_why(client) -> None:
    order = paid()
    order_hold(order=order, reason=HoldReason.FRAUD, words="stolen card?")

    page = client.get(reverse("orders:order", args=[order_token(order)])).content.decode()

    assert "We are looking at something" in page
    assert "stolen" not in page
    assert "Fraud" not in page
