"""Parcels that do not arrive: told, queued, sent again or paid back, taken in, and ended."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from orders.carriers import services
from orders.carriers.models import Label
from orders.carriers.selectors import parcels_found
from orders.exceptions import ImpossibleStep, StepRefused
from orders.fulfilment.failing import parcel_take_back
from orders.fulfilment.models import OrderFacts, Outcome, Shipment, Trouble
from orders.fulfilment.troubles import trouble_close
from orders.links import links_by_token, order_token
from orders.models import Order
from orders.pages import OrderPage
from orders.returns.services import parcel_again
from orders.services import order_deliver
from shop.core.models import Mail
from shop.core.outbox import relay
from supply.models import Reason, StockMovement
from tests.carriers.support import packed_parcel
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.59")]


def went(outside, script: str, days: float) -> Label:
    label = services.label_buy(parcel=packed_parcel(), carrier="parcelway")
    services.label_hand_over(label=label)
    outside.script(script)
    outside.days_pass(days)
    return told(label)


def told(label: Label) -> Label:
    for _again in range(2):
        services.label_refresh(label=label)
        relay()
    label.refresh_from_db()
    return label


def test_one_that_is_sent_back_is_told_taken_in_paid_back_and_ends_its_order(outside, client):
    boss = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(boss)
    label = went(outside, "returned", 3.5)
    order, parcel = label.order, label.shipment
    parcel.refresh_from_db()
    kinds = Mail.objects.filter(kind__startswith="parcel_").values_list("kind", flat=True)
    assert sorted(kinds) == ["parcel_missed", "parcel_out", "parcel_returned"]
    assert (label.state, parcel.failed) == ("returned", "returned")
    trouble = Trouble.objects.get(closed_at=None)
    assert trouble.kind == "returned"
    for view, count in {"moving": 0, "late": 0, "wrong": 1, "back": 1}.items():
        assert parcels_found(view=view, wanted={}).count() == count, view
    with pytest.raises(ImpossibleStep):
        order_deliver(order=order)
    for outcome in (Outcome.AGAIN, Outcome.PAID, Outcome.CAME):
        with pytest.raises(StepRefused):
            trouble_close(trouble=trouble, outcome=outcome)

    queue = client.get(reverse("dashboard:trouble-list"), {"view": "returned"}).content.decode()
    assert f"?parcel={parcel.pk}" in queue
    line = parcel.lines.get()
    record = line.order_line.stockrecord
    record.refresh_from_db()
    before = record.num_in_stock
    url = reverse("dashboard:parcel-back", args=[parcel.pk])
    assert client.get(url).status_code == 200
    over = {f"restock_{line.pk}": line.quantity, f"scrap_{line.pk}": 1}
    assert client.post(url, over).status_code == 422
    good = {f"restock_{line.pk}": line.quantity - 1, f"scrap_{line.pk}": 1}
    assert [client.post(url, good).status_code for _twice in range(2)] == [302, 302]
    record.refresh_from_db()
    assert record.num_in_stock == before + line.quantity - 1
    scrapped = StockMovement.objects.get(reason=Reason.SCRAPPED)
    assert (scrapped.quantity, scrapped.warehouse) == (-1, parcel.warehouse)

    url = reverse("dashboard:refund-ask-new", args=[order.number]) + f"?parcel={parcel.pk}"
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert data[f"line-{line.order_line_id}"] == line.quantity
    answer = client.post(url, {**data, "with_delivery": "on"} if data["with_delivery"] else data)
    assert answer.status_code == 302, answer.context["form"].errors
    trouble.refresh_from_db()
    order.refresh_from_db()
    assert (trouble.outcome, order.status) == ("paid", "undelivered")
    assert client.get(reverse("dashboard:order-detail", args=[order.number])).status_code == 200
    relay()
    call_command("verify")


def test_one_that_breaks_is_damaged_to_the_clerk_and_the_carrier(outside, client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    label = went(outside, "damaged", 1.5)
    assert Trouble.objects.get(closed_at=None).kind == "damaged"
    outside.days_pass(1)
    told(label)
    assert (label.state, Trouble.objects.get(closed_at=None).kind) == ("returned", "damaged")
    queue = client.get(reverse("dashboard:trouble-list")).content.decode()
    assert f"{reverse('dashboard:claim-new', args=[label.pk])}?kind=damaged" in queue


def test_the_shopper_reads_of_no_day_and_of_no_return_when_nothing_comes(outside, client):
    label = went(outside, "lost", 9)
    order = label.order
    page = OrderPage(Order.objects.get(pk=order.pk))
    assert page.facts.promised_until is not None
    OrderFacts.objects.filter(order=order).update(
        promised_until=timezone.localdate() + dt.timedelta(days=3)
    )
    page = OrderPage(Order.objects.get(pk=order.pk))

    assert (page.is_nothing_coming, page.is_promise_open, page.return_offer) == (True, False, None)
    shown = client.get(links_by_token(order_token(order)).page).content.decode()
    assert "Something happened to your parcel" in shown
    assert "Arrives" not in shown
    assert "in a return already" not in shown


def test_one_that_is_sent_again_ends_its_order_and_may_still_turn_up(outside):
    label = went(outside, "lost", 4.5)
    parcel = Shipment.objects.get(pk=label.shipment_id)
    made = parcel_again(parcel=parcel, user=UserFactory())
    trouble = Trouble.objects.get(kind="lost")
    assert (trouble.outcome, trouble.closing) == ("again", made.order.number)
    order = Order.objects.get(pk=label.order_id)
    assert order.status == "undelivered"
    Label.objects.filter(pk=label.pk).update(state="lost")
    parcel.refresh_from_db()
    assert parcel.failed == "lost"

    outside.script("usual")
    told(label)
    order.refresh_from_db()
    parcel.refresh_from_db()
    assert (label.state, parcel.failed, order.status) == ("delivered", "", "delivered")
    relay()
    call_command("verify")


def test_what_did_not_come_back_is_not_taken_in():
    parcel = packed_parcel()
    with pytest.raises(StepRefused):
        parcel_take_back(parcel=parcel, found={}, user=UserFactory())
    assert not StockMovement.objects.filter(reason=Reason.RETURNED).exists()
