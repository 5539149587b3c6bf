"""One story in three lanes; notes stay in the office, messages go to the customer and come back."""

from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.life.holds import order_hold, order_release
from orders.life.models import HoldReason, OrderEvent, OrderMessage
from orders.life.timeline import order_timeline
from orders.links import order_token
from orders.models import Order
from payments.services import intent_capture
from shop.core.models import Mail
from shop.core.outbox import relay
from shop.dashboard.selectors import work_counts
from tests.factories import UserFactory
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50")]


def paid(**kwargs) -> Order:
    order = order_of(**kwargs)
    intent_capture(intent=intent_of(order))
    relay()
    return Order.objects.get(pk=order.pk)


def url(name: str, order: Order) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number})


def said(response) -> str:
    return str(list(get_messages(response.wsgi_request))[-1])


def queries(order: Order) -> int:
    order = Order.objects.get(pk=order.pk)
    with CaptureQueriesContext(connection) as seen:
        order_timeline(order)
    return len(seen)


def test_every_step_says_who_took_it_and_from_where_and_the_database_keeps_it(office) -> None:
    clerk, order = office("Warehouse clerk"), paid()
    order_hold(order=order, reason=HoldReason.ADDRESS, words="Which floor?")
    order_release(order=order, words="The third.")
    clerk.post(url("order-pack", order))
    few = queries(order)
    clerk.post(url("order-unpack", order))
    clerk.post(url("order-pack", order))
    clerk.post(url("order-ship", order), {"carrier": "DHL", "tracking_number": "00340"})
    clerk.post(url("order-deliver", order))
    relay()

    moments = {one.title: one for one in order_timeline(Order.objects.get(pk=order.pk))}

    for title in ("Packed", "Unpacked", "Parcel handed over"):
        assert (moments[title].lane, moments[title].by) == ("goods", "Mei Lin · in the back office")
    assert moments["On hold: Address is unclear"].by == "by a rule of the shop"
    assert moments["Released"].note == "The third."
    assert moments["Captured €14.90"].lane == "money"
    assert queries(order) <= few + 1  # the parcel's goods
    one_lane = clerk.get(url("order-detail", order), {"lane": "money"})
    assert {moment.lane for moment in one_lane.context["moments"]} == {"money"}
    assert clerk.get(url("order-detail", order), {"lane": "x"}).status_code == 200
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        OrderEvent.objects.update(source="shop")


def test_the_shopper_sees_their_part_of_the_story_and_no_note(office, client) -> None:
    agent, order = office("Customer-service agent"), paid()
    agent.post(url("order-note", order), {"message": "difficult customer", "key": str(uuid4())})
    agent.post(url("order-hold", order), {"reason": "fraud", "words": "card?"})

    page = client.get(reverse("orders:order", args=[order_token(order)])).content.decode()

    assert "What happened so far" in page
    assert "Order placed" in page
    assert "Paid: €14.90" in page
    for word in ("difficult", "card?", "Fraud", "Mei Lin · in the back office", "Mail sent"):
        assert word not in page


@pytest.mark.req("S5.04")
def test_a_message_goes_out_once_in_the_customers_language_and_is_answered(office, client) -> None:
    agent, order = office("Customer-service agent"), paid(user=UserFactory())
    order.facts.language = "zh-hans"
    order.facts.save()
    form = {"text": "\u202e ", "key": str(uuid4())}

    assert agent.post(url("order-message", order), form).status_code == 422
    form["text"] = "Which colour? <b>"
    agent.post(url("order-message", order), form)
    again = agent.post(url("order-message", order), form)
    relay()

    mail = Mail.objects.get(kind="order_message")
    assert (mail.language, mail.to) == ("zh-hans", order.email)
    assert "Which colour? <b>" in mail.text
    assert "Which colour? &lt;b&gt;" in mail.html
    assert said(again) == "This message went out already."

    client.force_login(order.user)
    page = reverse("customer:order", args=[order.number])
    assert "Which colour? &lt;b&gt;" in client.get(page).content.decode()
    there = reverse("customer:order-message", args=[order.number])
    assert client.post(there, {"text": " \u202e "}).status_code == 422
    reply = {"text": "Green\u202e, <i>please", "key": str(uuid4())}
    assert client.post(there, reply)["Location"] == f"{page}#talk"
    client.post(there, reply)

    assert [one.text for one in OrderMessage.objects.filter(is_ours=False)] == ["Green, <i>please"]
    assert work_counts().messages == 1
    listed = agent.get(reverse("dashboard:order-list"), {"view": "messages"})
    assert [row["number"] for row in listed.context["rows"]] == [order.number]
    assert "Green, &lt;i&gt;please" in agent.get(url("order-detail", order)).content.decode()
    agent.post(url("order-messages-read", order))
    assert work_counts().messages == 0


def test_strangers_cannot_write_and_nobody_floods(client) -> None:
    order = paid(user=UserFactory())
    stranger = Client()
    stranger.force_login(UserFactory())
    there = reverse("customer:order-message", args=[order.number])

    refused = stranger.post(there, {"text": "x", "key": str(uuid4())})
    assert (refused.status_code, OrderMessage.objects.count()) == (404, 0)

    client.force_login(order.user)
    answers = [
        client.post(there, {"text": f"again {place}", "key": str(uuid4())}) for place in range(11)
    ]
    assert [one.status_code for one in answers] == [302] * 10 + [429]
    assert "again 10" in answers[-1].content.decode()
    assert OrderMessage.objects.count() == 10
