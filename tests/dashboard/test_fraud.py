"""Signs of fraud: a score with reasons, orders that wait for a look, and what people decide."""

from decimal import Decimal
from fnmatch import fnmatch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.exceptions import OnHold
from orders.fraud import rules, services
from orders.fraud.models import CheckState, FraudCheck, Listed
from orders.fraud.rules import RULES, reason_words
from orders.fraud.services import networks_forget, order_check
from orders.fraud.settings import rule_set
from orders.life.holds import order_hold, order_release
from orders.life.models import HoldReason
from orders.models import Order
from orders.services import order_pack
from payments.models import Refund, WebhookEvent
from shop.core.models import Mail
from shop.core.outbox import relay
from shop.runtime.processes import WEBHOOK_EVENTS
from tests.concurrency.test_payments import signed
from tests.factories import ProductFactory, UserFactory
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of, paid_order, pay, refunds_finish
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S3.50")]


def url(name: str, order: Order | None = None, **kwargs) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number} if order else kwargs)


def check_of(order: Order) -> FraudCheck:
    return FraudCheck.objects.get(order=order)


def codes(order: Order) -> set[str]:
    return {reason["code"] for reason in check_of(order).reasons}


def dear(**kwargs) -> Order:
    """A first order of 900 with a throw-away mailbox: 70 of 100."""
    order = order_of(ProductFactory(price="900.00", stock=9), **kwargs)
    Order.objects.filter(pk=order.pk).update(guest_email="m.lin+1@mailinator.com")
    return order


def test_a_score_above_the_line_holds_the_order_and_says_why() -> None:
    order = dear()

    relay()
    relay()

    check = check_of(order)
    assert (check.score, check.state, codes(order)) == (
        70,
        CheckState.HELD,
        {"first_high", "disposable"},
    )
    said = [reason_words(reason) for reason in check.reasons]
    assert said == ["A first order, and of €900.00", "A throw-away mailbox: mailinator.com"]
    hold = order.holds.get()
    assert (hold.reason, hold.held_by) == (HoldReason.FRAUD, None)
    with pytest.raises(OnHold):
        order_pack(order=order)
    assert verified()[0], verified()[1]
    order.holds.update(released_at=timezone.now())
    assert "fraud: an order that waits" in verified()[1]


@pytest.mark.django_db(transaction=True)
def test_what_was_paid_before_anybody_looked_is_looked_at_once_and_its_mail_says_that_it_waits(
    provider, monkeypatch
) -> None:
    looked: list[dict[str, str]] = []
    score = services.order_score
    monkeypatch.setattr(services, "order_score", lambda facts: looked.append({}) or score(facts))
    order = dear(payment="stripe")
    pay(order, provider)

    relay()

    check = check_of(order)
    assert (check.state, len(looked)) == (CheckState.HELD, 1)
    assert check.card
    assert "We are looking at something" in Mail.objects.get(reference=order.number).text


def test_each_rule_finds_what_it_looks_for_and_is_set_in_the_office(office, provider) -> None:
    manager = office("Operations manager")
    orders = [order_of(ProductFactory(stock=9)) for _one in range(3)]
    rule = {"is_on": "on", "weight": "40", "orders": "2", "hours": "24"}
    for code in ("by_email", "by_place", "by_network"):
        assert manager.post(url("fraud-rule", code=code), rule).status_code == 302
    bad = manager.post(url("fraud-rule", code="by_email"), rule | {"weight": "101"})
    assert bad.status_code == 422
    for order in orders:
        order_check(order_number=order.number, network="198.51.100.7")

    assert codes(orders[1]) == set()
    assert codes(orders[2]) == {"by_email", "by_place", "by_network"}
    assert check_of(orders[2]).score == 100
    rule_set(code="by_email", is_on=False, weight=40, params={}, user=None)
    order_check(order_number=orders[2].number)
    assert codes(orders[2]) == {"by_place", "by_network"}
    FraudCheck.objects.update(placed_at=timezone.now() - timezone.timedelta(91))
    assert networks_forget() == 3

    paid = paid_order(provider, ProductFactory(price="20.00", stock=9))
    key = str(intent_of(paid).key)
    for number in range(3):
        WebhookEvent.objects.create(
            provider="stripe",
            event_id=f"e{number}",
            kind="payment_intent.payment_failed",
            reference=key,
        )
    assert check_of(paid).card
    order_check(order_number=paid.number, card_country="US")
    assert check_of(paid).card_country == "DE"
    FraudCheck.objects.filter(order=paid).update(card_country="US")
    order_check(order_number=paid.number)
    assert {"refusals", "countries"} <= codes(paid)
    assert manager.get(url("fraud-rules")).status_code == 200
    assert set(RULES) >= codes(paid)


def told(provider: Running) -> None:
    """The provider's messages so far, as far as the shop has asked for them."""
    for event in reversed(provider.client().v1.events.list().data):
        if any(fnmatch(event.type, one) for one in WEBHOOK_EVENTS):
            assert Client().post(**signed(event.to_dict())).status_code == 200


def test_cards_that_were_refused_at_the_provider_are_a_sign_once_one_pays(
    provider: Running,
) -> None:
    order = order_of(payment="stripe")
    for _time in range(3):
        provider.control.pay(intent_of(order).reference, "decline")
    pay(order, provider)
    told(provider)

    relay()

    said = {one["code"]: reason_words(one) for one in check_of(order).reasons}
    assert said["refusals"] == "Cards were refused 3 times"


def test_a_card_that_only_promises_is_looked_at_before_the_goods_leave(
    provider: Running, settings
) -> None:
    settings.CAPTURE_AT_SHIPMENT = ["stripe"]
    order = order_of(payment="stripe")
    for _time in range(3):
        provider.control.pay(intent_of(order).reference, "decline")
    told(provider)
    pay(order, provider)

    relay()

    check = check_of(order)
    assert intent_of(order).state == "authorised"
    assert (bool(check.card), check.card_country) == (True, "DE")
    assert "refusals" in codes(order)


def test_orders_of_the_same_are_counted_up_to_a_point(monkeypatch) -> None:
    monkeypatch.setattr(rules, "COUNTED_TO", 3)
    rule_set(code="by_email", is_on=True, weight=40, params={"orders": 1, "hours": 24}, user=None)
    orders = [order_of(ProductFactory(stock=9)) for _one in range(4)]

    for order in orders:
        order_check(order_number=order.number)

    said = [[reason_words(one) for one in check_of(order).reasons] for order in orders]
    assert said == [
        [],
        ["Same e-mail: 2 orders in 24 hours"],
        ["Same e-mail: 3 orders or more in 24 hours"],
        ["Same e-mail: 3 orders or more in 24 hours"],
    ]
    rule_set(code="by_email", is_on=True, weight=40, params={"orders": 3, "hours": 24}, user=None)
    order_check(order_number=orders[3].number)
    (reason,) = check_of(orders[3]).reasons
    assert reason_words(reason) == "Same e-mail: 4 orders or more in 24 hours"


def test_approved_goes_on_declined_ends_and_is_paid_back_each_once(office, provider) -> None:
    manager, clerk = office("Operations manager"), office("Warehouse clerk")
    good, bad = dear(), paid_order(provider, ProductFactory(price="900.00", stock=9))
    relay()
    Order.objects.filter(pk=bad.pk).update(guest_email="x@yopmail.com")
    FraudCheck.objects.filter(order=bad).update(email="x@yopmail.com")
    order_check(order_number=bad.number)
    words = {"words": "Called them", "remember": "on"}
    assert clerk.post(url("fraud-approve", good), words).status_code == 403
    assert manager.post(url("fraud-approve", good), {"words": " "}).status_code == 422
    for name in ("fraud-list", "fraud-listed"):
        assert manager.get(url(name)).status_code == 200
    assert "A first order" in manager.get(url("fraud-detail", good)).content.decode()

    for _press in range(2):
        manager.post(url("fraud-approve", good), words)
        manager.post(url("fraud-decline", bad), words)
    refunds_finish()
    relay()

    assert (check_of(good).state, check_of(bad).state) == (
        CheckState.APPROVED,
        CheckState.DECLINED,
    )
    assert not good.holds.filter(released_at=None).exists()
    bad.refresh_from_db()
    assert bad.status == "cancelled"
    assert Refund.objects.get().amount == intent_of(bad).amount_captured
    assert set(Listed.objects.values_list("verdict", flat=True)) == {"blocked", "trusted"}
    again, other = dear(), dear()
    Order.objects.filter(pk=other.pk).update(guest_email="x@yopmail.com")
    Listed.objects.filter(kind="place").delete()
    relay()
    assert (check_of(again).score, check_of(other).score) == (0, 100)
    assert verified()[0], verified()[1]
    figures = manager.get(url("fraud-rules")).context["whole"]
    assert (figures.approved, figures.declined, figures.right) == (1, 1, 50)
    assert manager.get(url("fraud-list") + "?view=decided").status_code == 200


def test_a_hold_of_somebody_else_does_not_let_it_slip() -> None:
    order = dear()
    order_hold(order=order, reason=HoldReason.ADDRESS, user=UserFactory())
    relay()
    order_release(order=order, words="Address is fine")
    relay()

    assert order.holds.get(released_at=None).reason == HoldReason.FRAUD
    order_release(order=order, words="Known customer", user=UserFactory())
    relay()
    assert check_of(order).state == CheckState.APPROVED
    assert order.total_incl_tax == Decimal("900.00")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", ""),
        ("192.168.178.20", ""),
        ("::1", ""),
        ("2001:db8::7", "2001:db8::7"),
        ("not one", ""),
    ],
)
def test_an_address_from_inside_a_house_is_no_sign(told: str, kept: str) -> None:
    order = order_of()

    assert order_check(order_number=order.number, network=told).network == kept
