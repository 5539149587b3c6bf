"""The first page: figures that agree with their rows, and work that waits."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.carriers.models import Claim, Label
from orders.fraud.models import FraudCheck
from orders.fulfilment.models import Consignment
from orders.models import Order
from orders.returns.models import Complaint
from orders.services import order_cancel
from orders.states import CancelReason
from payments.services import intent_capture
from shop.core.outbox import relay
from shop.dashboard import today
from shop.dashboard.selectors import work_counts
from tests.factories import ProductFactory
from tests.sales import intent_of, order_of

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 18, 11, 0, tzinfo=dt.UTC)


def order_at(when: dt.datetime, **kwargs) -> Order:
    order = order_of(**kwargs)
    Order.objects.filter(pk=order.pk).update(date_placed=when)
    return order


def test_a_running_day_is_compared_with_the_same_hours_a_week_earlier() -> None:
    order_at(NOON - dt.timedelta(hours=1))
    order_at(NOON - dt.timedelta(days=7, hours=1))
    order_at(NOON - dt.timedelta(days=7) + dt.timedelta(hours=1))  # later that day: not yet
    order_at(NOON - dt.timedelta(days=1))

    now, before = today.sums_compare(today.Span(days=1, now=NOON))

    assert (now.orders, before.orders) == (1, 1)


@pytest.mark.parametrize("days", [7, 28])
def test_a_span_is_compared_with_the_one_before_it(days: int) -> None:
    order_at(NOON - dt.timedelta(days=days - 1))
    order_at(NOON - dt.timedelta(days=days, hours=2))  # summer time ended in between
    order_at(NOON - dt.timedelta(days=2 * days))

    now, before = today.sums_compare(today.Span(days=days, now=NOON))

    assert (now.orders, before.orders) == (1, 1)


def test_cancelled_orders_are_no_sales() -> None:
    kept, gone = order_at(NOON), order_at(NOON)
    order_cancel(order=gone, reason=CancelReason.CUSTOMER)

    now, _before = today.sums_compare(today.Span(days=1, now=NOON))

    assert now.sales == kept.total_incl_tax


@pytest.mark.req("S5.04")
def test_every_figure_opens_exactly_the_rows_it_was_made_of(office) -> None:
    for _ in range(3):
        order_of()
    order_cancel(order=order_of(), reason=CancelReason.CUSTOMER)
    client = office("Analyst")

    page = client.get(reverse("dashboard:index"))
    sales, orders = page.context["kpis"][:2]
    rows = client.get(orders["href"]).context["rows"]
    bar = client.get(page.context["bars"][-1]["href"]).context["rows"]

    assert orders["value"] == str(len(rows)) == str(len(bar)) == "3"
    assert sales["href"] == orders["href"]


def test_work_is_counted_in_one_query_and_each_count_opens_as_many_rows(
    office, django_assert_num_queries
) -> None:
    order_of()
    order_of(payment="cod")
    paid = order_of()
    intent_capture(intent=intent_of(paid))
    relay()
    ProductFactory(stock=0)

    with django_assert_num_queries(1):
        counts = work_counts()

    assert (counts.to_pack, counts.unpaid, counts.to_ship, counts.out_of_stock) == (2, 1, 0, 1)
    page = office("Operations manager").get(reverse("dashboard:index"))
    client = office("Operations manager")
    for row in page.context["todos"]:
        opened = client.get(row["url"]).context
        if "rows" in opened and row["name"] == "order-list":
            assert len(opened["rows"]) == row["number"]
        elif "page_obj" in opened:
            assert opened["page_obj"].paginator.count == row["number"]


def test_the_page_takes_as_many_queries_with_many_orders(office) -> None:
    client, address = office("Operations manager"), reverse("dashboard:index")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    order_of()
    queries()
    few = queries()
    for _ in range(5):
        order_of()

    assert queries() == few


def test_it_knows_the_person_and_the_role(office) -> None:
    page = office("Warehouse clerk").get(reverse("dashboard:index")).content.decode()

    assert "Mei" in page
    assert "as Warehouse clerk" in page


def test_those_who_see_no_orders_see_no_figures(office) -> None:
    page = office("Marketer").get(reverse("dashboard:index"))

    assert "kpis" not in page.context
    assert page.status_code == 200


@pytest.mark.parametrize("query", ["range=7", "range=x", "queue=nonsense&range=28"])
def test_no_query_breaks_it(office, query: str) -> None:
    assert office("Analyst").get(f"{reverse('dashboard:index')}?{query}").status_code == 200


def test_complaints_claims_fraud_and_routing_wait_there_for_those_who_may_do_them(office) -> None:
    order = order_of()
    intent_capture(intent=intent_of(order))
    relay()
    Consignment.objects.update(state="void")
    Complaint.objects.create(order=order, kind="late", wish="words", key=uuid4())
    label = Label.objects.create(
        order=order, carrier="parcelway", state="lost", tracking_number="1"
    )
    soon = timezone.localdate() + dt.timedelta(days=6)
    for kind, day in (("lost", soon), ("late", soon + dt.timedelta(days=9)), ("damaged", None)):
        Claim.objects.create(label=label, kind=kind, amount=5, deadline=day)
    facts = {"state": "held", "score": 90, "placed_at": timezone.now()}
    FraudCheck.objects.update_or_create(order=order, defaults=facts)

    def rows(role: str) -> dict[str, dict]:
        found = office(role).get(reverse("dashboard:index")).context["todos"]
        return {row["name"]: row for row in found if row["number"]}

    seen = rows("Operations manager")
    assert {"complaint-list", "claim-list", "fraud-list", "sending-list"} <= seen.keys()
    assert (seen["claim-list"]["number"], seen["claim-list"]["tone"]) == (3, "hot")
    assert seen["claim-list"]["chip"] == "1 within 7 days"
    assert seen["sending-list"]["url"].endswith("?view=unrouted")
    Claim.objects.filter(deadline=soon).delete()
    assert rows("Operations manager")["claim-list"]["chip"] == "hand in"
    assert "complaint-list" not in rows("Product manager")
