"""Cards that are tried over many orders, and one card that pays for many people."""

from itertools import count

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.fraud.facts import COUNTS, Facts, Sought
from orders.fraud.models import FraudCheck
from orders.fraud.rules import reason_words
from orders.fraud.services import order_check
from orders.fraud.settings import rule_set
from orders.models import Order, ShippingAddress
from payments.models import DECLINED, PaymentIntent, WebhookEvent
from payments.services import intent_refresh
from payments.services.reconciling import intents_reconcile
from tests.factories import ProductFactory
from tests.payments.benches import PaypalBench, bench_open
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S3.50")]
numbers = count()


def refused(order: Order, *, times: int = 1, kind: str = "payment_intent.payment_failed") -> None:
    for _time in range(times):
        WebhookEvent.objects.create(
            provider="stripe",
            event_id=f"evt_{next(numbers)}",
            kind=kind,
            reference=str(intent_of(order).key),
        )


def ordered(*, email: str = "", street: str = "", **known: str) -> Order:
    """Placed and looked at."""
    order = order_of(ProductFactory(price="5.00", stock=9))
    if email:
        Order.objects.filter(pk=order.pk).update(guest_email=email)
    if street:
        ShippingAddress.objects.filter(pk=order.shipping_address_id).update(line1=street)
    order_check(order_number=order.number, **known)
    return order


def said_of(order: Order, code: str) -> str:
    order_check(order_number=order.number)
    reasons = FraudCheck.objects.get(order=order).reasons
    return next((reason_words(one) for one in reasons if one["code"] == code), "")


def test_refusals_add_up_over_the_orders_of_an_e_mail_a_network_and_a_card() -> None:
    known = {"network": "198.51.100.7", "card": "print-1"}
    orders = [ordered(**known) for _one in range(5)]
    for order in orders[:3]:
        refused(order)
    assert said_of(orders[4], "refused_email") == ""

    refused(orders[3], kind="charge.failed")

    words = "4 times in 4 orders, in 24 hours"
    assert said_of(orders[4], "refused_email") == f"Refused cards, same e-mail: {words}"
    assert said_of(orders[4], "refused_card") == f"Refused cards, paid by the same card: {words}"
    assert said_of(orders[4], "refused_network") == ""
    rule_set(
        code="refused_network", is_on=True, weight=9, params={"times": 4, "hours": 1}, user=None
    )
    words = "4 times in 4 orders, in 1 hours"
    assert said_of(orders[4], "refused_network") == f"Refused cards, same network address: {words}"
    FraudCheck.objects.filter(order=orders[0]).update(placed_at="2020-01-01T00:00Z")
    assert said_of(orders[4], "refused_email") == ""


def test_refusals_of_one_order_alone_are_counted_once() -> None:
    order, _other = ordered(), ordered()

    refused(order, times=5)

    assert said_of(order, "refusals") == "Cards were refused 5 times"
    assert said_of(order, "refused_email") == ""


def test_one_card_that_pays_for_different_people_is_a_sign_a_family_and_presents_are_none() -> None:
    mine = ordered(card="print-1", email="a@example.com", street="Elbweg 1")
    ordered(card="print-1", email="b@example.com", street="Elbweg 1")  # at home
    ordered(card="print-1", email="b@example.com", street="Present 3")  # for a friend
    ordered(card="print-2", email="c@example.com", street="Somewhere 9")
    assert said_of(mine, "shared_card") == ""
    presents = [ordered(card="print-3", email="d@example.com", street=f"Way {n}") for n in (1, 2)]
    assert said_of(presents[1], "shared_card") == ""

    theirs = ordered(card="print-1", email="e@example.com", street="Nowhere 3")

    words = "One card paid for 2 different people in 720 hours"
    assert said_of(theirs, "shared_card") == words


@pytest.fixture
def paypal(provider: Running):
    with bench_open(PaypalBench(), provider) as bench:
        yield bench


@pytest.mark.parametrize("at_shipment", [False, True])
def test_a_card_that_paypal_refuses_counts_once_for_each_try(
    provider: Running, paypal: PaypalBench, settings, at_shipment: bool
) -> None:
    settings.CAPTURE_AT_SHIPMENT = ["paypal"] if at_shipment else []
    order = order_of(payment="paypal")
    for _try in range(3):
        provider.control.pay_trade(intent_of(order).reference, is_refused=True)
        assert intent_refresh(intent=intent_of(order), source="return").state == "open"
        intent_refresh(intent=intent_of(order), source="webhook")  # of the same try
    provider.control.pay_trade(intent_of(order).reference, is_refused=True)
    PaymentIntent.objects.update(checked_at=None)
    assert intents_reconcile() == 1  # it only asks: nobody has tried a card

    assert Facts(order=order, check=FraudCheck(order=order)).refusals == 3
    assert set(WebhookEvent.objects.values_list("kind", "outcome")) == {
        (DECLINED, "told when asked")
    }
    paypal.pay(provider, intent_of(order))
    paid = intent_refresh(intent=intent_of(order), source="return")
    assert paid.state == ("authorised" if at_shipment else "captured")
    assert said_of(order, "refusals") == "Cards were refused 3 times"


def test_the_page_of_paypal_offers_a_card_that_is_refused(provider: Running, paypal) -> None:
    order = order_of(payment="paypal")
    page = intent_of(order).pay_url
    assert 'value="refused"' in httpx.get(page, trust_env=False).text

    assert httpx.post(page, data={"answer": "refused"}, trust_env=False).status_code == 303

    assert intent_refresh(intent=intent_of(order), source="return").state == "open"
    assert WebhookEvent.objects.get().kind == DECLINED
    assert 'value="yes"' in httpx.get(page, trust_env=False).text  # another one can be tried


def test_what_paypal_sends_of_a_refused_capture_counts_too() -> None:
    order = ordered()

    refused(order, kind="PAYMENT.CAPTURE.DECLINED")
    refused(order, kind="PAYMENT.CAPTURE.DENIED")
    refused(order, kind="PAYMENT.CAPTURE.COMPLETED")

    assert Facts(order=order, check=FraudCheck(order=order)).refusals == 2


ROWS = 3_000
COPIED = {  # from the one row there is
    "order_order": "'id', n, 'number', 'copy-' || n, 'basket_id', null",
    "fraud_fraudcheck": "'id', n, 'order_id', n, 'email', 'x' || n % 999, 'network', 'y' || n % 999,"
    " 'card', 'z' || n % 999, 'place', 'p' || n % 999",
    "payments_paymentintent": "'id', n, 'order_number', 'copy-' || n, 'reference', '',"
    " 'key', gen_random_uuid()",
    "payments_webhookevent": "'id', n, 'event_id', 'copy-' || n, 'reference', gen_random_uuid()",
}


def test_no_table_is_read_through_however_many_orders_there_are() -> None:
    order = ordered(network="198.51.100.7", card="print-1")
    refused(order)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for table, values in COPIED.items():
            cursor.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(null::{table}, one || jsonb_build_object({values}))).*"
                f" FROM (SELECT to_jsonb(base) AS one FROM {table} AS base LIMIT 1) AS first, generate_series(900000, {900000 + ROWS}) n"
            )
            cursor.execute(f"ANALYZE {table}")
    check = FraudCheck.objects.get(order=order)
    facts = Facts(order=order, check=check)

    with CaptureQueriesContext(connection) as seen:
        facts.count(Sought(what, name, 24, 200) for what, name in COUNTS)

    (statement,) = seen
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan, plan
    for index in ("fraud_by_email", "fraud_by_network", "fraud_by_card", "webhook_refusals"):
        assert index in plan, plan
    assert facts.refusals == 1
