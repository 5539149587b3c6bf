"""Two operators at the same order in the same moment: one of them wins, the books agree."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import OPERATIONS_MANAGER
from orders.exceptions import EditRefused, OnHold
from orders.fraud.exceptions import AlreadyDecided
from orders.fraud.models import CheckState, FraudCheck
from orders.fraud.services import check_approve, check_decline, order_check
from orders.fraud.settings import listed_add
from orders.life.editing import order_lines_edit
from orders.life.holds import order_hold
from orders.life.models import HoldReason
from orders.models import Order
from orders.services import order_cancel, order_pack, order_ship
from orders.states import CancelReason
from payments.models import Refund
from payments.services import intent_capture
from shop.core.outbox import relay
from supply.models import StockMovement
from tests.concurrency.support import at_once
from tests.factories import UserFactory
from tests.sales import intent_of, order_of

pytestmark = pytest.mark.req("S5.04")


def operator() -> Client:
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=OPERATIONS_MANAGER))
    client = Client()
    client.force_login(user)
    return client


def paid() -> Order:
    order = order_of(quantity=2)
    intent_capture(intent=intent_of(order))
    relay()
    return order


def url(name: str, order: Order) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number})


def test_packing_and_cancelling_at_once_never_ships_what_was_cancelled() -> None:
    order, one, other = paid(), operator(), operator()

    answers = at_once(
        lambda: one.post(url("order-pack", order)).status_code,
        lambda: (
            other.post(
                url("order-cancel", order), {"reason": "operator", "confirmed": "on"}
            ).status_code
        ),
    )
    one.post(url("order-ship", order), {"carrier": "DHL", "tracking_number": "1"})

    order.refresh_from_db()
    assert answers == [302, 302]
    assert order.status == "cancelled"
    assert not order.shipments.exists()
    assert not StockMovement.objects.filter(reason="sold").exists()
    call_command("verify")


@pytest.mark.req("S5.16")
def test_a_fraud_check_and_packing_at_once_and_two_who_decide_end_in_one_way() -> None:
    order = paid()
    Order.objects.filter(pk=order.pk).update(guest_email="x@yopmail.com")
    FraudCheck.objects.filter(order=order).delete()
    listed_add(
        kind="domain", value="yopmail.com", shown="", verdict="blocked", reason="x", user=None
    )

    at_once(
        lambda: order_check(order_number=order.number),
        lambda: order_check(order_number=order.number),
        lambda: order_pack(order=order),
    )

    check = FraudCheck.objects.get(order=order)
    assert check.state == CheckState.HELD
    assert order.holds.count() == 1
    with pytest.raises(OnHold):
        order_ship(order=order, carrier="DHL", tracking_number="1")
    said = at_once(
        lambda: check_approve(check=check, user=None, words="good"),
        lambda: check_decline(check=check, user=None, words="bad"),
    )
    relay()
    check.refresh_from_db()
    order.refresh_from_db()
    assert sum(isinstance(one, AlreadyDecided) for one in said) == 1
    assert (check.state == CheckState.DECLINED) == (order.status == "cancelled")
    assert not order.holds.filter(released_at=None).exists()
    call_command("verify")


def test_holding_and_packing_at_once_end_in_one_of_two_ways_and_nothing_leaves() -> None:
    order = paid()

    held, packed = at_once(
        lambda: order_hold(order=order, reason=HoldReason.FRAUD),
        lambda: order_pack(order=order),
    )

    order.refresh_from_db()
    assert held is True
    assert isinstance(packed, OnHold) == (order.status == "paid")
    with pytest.raises(OnHold):
        order_ship(order=order, carrier="DHL", tracking_number="1")
    call_command("verify")


def test_editing_packing_and_cancelling_at_once_end_in_one_legal_way() -> None:
    order = paid()
    line = order.lines.get()

    edited, _packed, cancelled = at_once(
        lambda: order_lines_edit(order=order, quantities={line.pk: 1}, key=uuid4()),
        lambda: order_pack(order=order),
        lambda: order_cancel(order=order, reason=CancelReason.OPERATOR),
    )

    order.refresh_from_db()
    line.refresh_from_db()
    back = Refund.objects.values_list("key", flat=True)
    assert (order.status, cancelled) == ("cancelled", True)
    assert edited is True or isinstance(edited, EditRefused)
    assert (edited is True) == (line.quantity == 1) == any(key.startswith("edit") for key in back)
    assert intent_of(order).amount_refunded == intent_of(order).amount_captured
    assert line.stockrecord.num_allocated == 0
    call_command("verify")


def test_eight_clicks_on_shipped_are_one_parcel() -> None:
    order, one = paid(), operator()
    one.post(url("order-pack", order))
    clients = [operator() for _ in range(8)]

    at_once(
        *(
            lambda client=client: (
                client.post(
                    url("order-ship", order), {"carrier": "DHL", "tracking_number": "00340"}
                ).status_code
            )
            for client in clients
        )
    )

    order.refresh_from_db()
    assert order.status == "shipped"
    assert order.shipments.count() == 1
    assert StockMovement.objects.get(reason="sold").quantity == -2
    call_command("verify")


def test_two_refunds_at_once_never_exceed_what_was_paid() -> None:
    order = paid()
    most = order.total_incl_tax
    clients = [operator() for _ in range(4)]

    at_once(
        *(
            lambda client=client, number=number: (
                client.post(
                    url("order-refund", order),
                    {
                        "amount": str(most - Decimal("1.00")),
                        "reason": "broken",
                        "key": f"00000000-0000-4000-8000-00000000000{number}",
                    },
                ).status_code
            )
            for number, client in enumerate(clients)
        )
    )

    assert Refund.objects.get().amount == most - Decimal("1.00")
    assert intent_of(order).amount_refunded == most - Decimal("1.00")
    call_command("verify")
