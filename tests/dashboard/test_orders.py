"""Orders in the back office: found, told as a story, taken from paid to delivered, once each."""

import csv
import io
import uuid
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.life.timeline import order_timeline
from orders.models import Order, ShippingAddress
from orders.services import order_pack
from payments.models import IntentState, PaymentIntent, Refund, RefundState
from payments.services import intent_capture
from shop.core.models import Mail
from shop.core.office import csv_safe
from shop.core.outbox import relay
from supply.models import StockMovement
from tests.factories import ProductFactory, UserFactory
from tests.sales import intent_of, order_of, paid_order, refunds_finish

pytestmark = pytest.mark.django_db


def paid_by_transfer(**kwargs) -> Order:
    order = order_of(**kwargs)
    intent_capture(intent=intent_of(order))
    relay()
    order.refresh_from_db()
    assert order.status == "paid"
    return order


def url(name: str, order: Order) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number})


def said(response) -> str:
    """The last message; earlier ones wait for the next page."""
    return str(list(get_messages(response.wsgi_request))[-1])


@pytest.mark.req("S5.04")
def test_a_clerk_takes_an_order_from_paid_to_delivered(office) -> None:
    clerk, order = office("Warehouse clerk"), paid_by_transfer(quantity=2)
    record = order.lines.get().stockrecord

    clerk.post(url("order-pack", order))
    clerk.post(url("order-ship", order), {"carrier": "DHL", "tracking_number": "00340"})
    clerk.post(url("order-deliver", order))

    order.refresh_from_db()
    record.refresh_from_db()
    assert order.status == "delivered"
    assert (record.num_in_stock, record.num_allocated) == (8, 0)
    assert order.shipments.get().tracking_number == "00340"
    assert order.shipments.get().shipped_by is not None


def test_packing_twice_packs_once_and_says_so_kindly(office) -> None:
    clerk, order = office("Warehouse clerk"), paid_by_transfer()

    first = clerk.post(url("order-pack", order))
    second = clerk.post(url("order-pack", order))

    assert said(first) == said(second) == "Packed."
    assert order.status_changes.filter(new_status="packed").count() == 1


def test_shipping_twice_is_one_parcel_and_one_entry_in_the_ledger(office) -> None:
    clerk, order = office("Warehouse clerk"), paid_by_transfer()
    order_pack(order=order)
    parcel = {"carrier": "DHL", "tracking_number": "00340"}

    clerk.post(url("order-ship", order), parcel)
    clerk.post(url("order-ship", order), parcel)

    assert order.shipments.count() == 1
    assert StockMovement.objects.filter(reason="sold").count() == 1


def test_a_step_from_an_old_page_changes_nothing_and_says_how_the_order_stands(office) -> None:
    manager, order = office("Operations manager"), paid_by_transfer()
    manager.post(url("order-cancel", order), {"reason": "customer", "confirmed": "on"})

    answer = manager.post(url("order-pack", order))

    order.refresh_from_db()
    assert order.status == "cancelled"
    assert "Cancelled" in said(answer)
    assert "Nothing was changed" in said(answer)


def test_a_missing_tracking_number_keeps_the_page_and_ships_nothing(office) -> None:
    clerk, order = office("Warehouse clerk"), paid_by_transfer()
    order_pack(order=order)

    answer = clerk.post(url("order-ship", order), {"carrier": "UPS", "tracking_number": ""})

    assert answer.status_code == 422
    assert '<option value="UPS" selected>' in answer.content.decode()
    assert not order.shipments.filter(shipped_at__isnull=False).exists()


def test_cancelling_wants_a_word_and_gives_stock_and_money_back(office) -> None:
    manager, order = office("Operations manager"), paid_by_transfer(quantity=3)
    record = order.lines.get().stockrecord

    refused = manager.post(url("order-cancel", order), {"reason": "customer"})
    assert refused.status_code == 422
    manager.post(url("order-cancel", order), {"reason": "customer", "confirmed": "on"})
    again = manager.post(url("order-cancel", order), {"reason": "customer", "confirmed": "on"})

    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated) == (10, 0)
    assert Refund.objects.get().amount == order.total_incl_tax
    assert said(again) == "This order was cancelled already."


@pytest.mark.req("S5.04")
def test_a_refund_submitted_twice_goes_out_once(office) -> None:
    finance, order = office("Finance"), paid_by_transfer()
    form = {"amount": "4.00", "reason": "scratched", "key": str(uuid.uuid4())}

    finance.post(url("order-refund", order), form)
    finance.post(url("order-refund", order), form)

    refund = Refund.objects.get()
    assert (refund.amount, refund.state) == (Decimal("4.00"), RefundState.PENDING)
    assert refund.requested_by is not None
    refunds_finish()
    refund.refresh_from_db()
    assert refund.state == RefundState.DONE
    assert intent_of(order).amount_refunded == Decimal("4.00")


@pytest.mark.parametrize("amount", ["-1", "0", "0.001", "NaN", "1e9", "999.99", "٣", "", "1,00"])
def test_an_impossible_amount_is_refused_and_nothing_typed_is_lost(office, amount: str) -> None:
    finance, order = office("Finance"), paid_by_transfer()
    form = {"amount": amount, "reason": "scratched lid", "key": str(uuid.uuid4())}

    answer = finance.post(url("order-refund", order), form)

    if amount == "٣":  # three in Arabic digits is three
        assert Refund.objects.get().amount == 3
        return
    assert answer.status_code == 422
    assert "scratched lid" in answer.content.decode()
    assert not Refund.objects.exists()


def test_booking_a_transfer_pays_the_order_at_once_and_only_once(office) -> None:
    finance, order = office("Finance"), order_of()

    finance.post(url("order-payment-book", order))
    finance.post(url("order-payment-book", order))

    order.refresh_from_db()
    intent = intent_of(order)
    assert order.status == "paid"
    assert intent.state == IntentState.CAPTURED
    assert intent.entries.filter(kind="captured").count() == 1


def test_cash_on_delivery_is_packed_before_its_money_and_booked_after(office) -> None:
    manager, order = office("Operations manager"), order_of(payment="cod")

    manager.post(url("order-pack", order))
    manager.post(url("order-ship", order), {"carrier": "DHL", "tracking_number": "1"})
    manager.post(url("order-payment-book", order))

    order.refresh_from_db()
    assert order.status == "shipped"
    assert intent_of(order).amount_captured == order.total_incl_tax


def test_a_silent_provider_is_said_and_loses_nothing(office, provider, settings) -> None:
    finance, order = office("Finance"), paid_order(provider)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"  # nobody listens there
    intent = intent_of(order)

    answer = finance.post(url("order-payment-refresh", order))

    assert answer.status_code == 302
    assert "does not answer" in said(answer)
    assert PaymentIntent.objects.get(pk=intent.pk).state == IntentState.CAPTURED


def test_the_story_of_an_order_has_three_lanes_in_the_order_of_time(office) -> None:
    clerk, order = office("Warehouse clerk"), paid_by_transfer()
    clerk.post(url("order-pack", order))
    clerk.post(url("order-ship", order), {"carrier": "DHL", "tracking_number": "00340"})
    clerk.post(url("order-note", order), {"message": "Gift wrapped <b>", "key": str(uuid4())})
    Mail.objects.create(
        key="m",
        kind="x",
        to="a@example.com",
        language="en",
        subject="Hello",
        reference=order.number,
    )

    moments = order_timeline(Order.objects.get(pk=order.pk))

    assert {moment.lane for moment in moments} == {"information", "money", "goods"}
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    assert any("00340" in moment.title for moment in moments if moment.lane == "goods")
    page = clerk.get(url("order-detail", order)).content.decode()
    assert "Gift wrapped &lt;b&gt;" in page


@pytest.mark.parametrize("what", ["number", "name", "email", "phone", "sku", "tracking"])
def test_an_order_is_found_by_whatever_is_known_of_it(office, what: str) -> None:
    clerk, order = office("Warehouse clerk"), paid_by_transfer(product=ProductFactory())
    clerk.post(url("order-pack", order))
    clerk.post(url("order-ship", order), {"carrier": "DHL", "tracking_number": "JD0146"})
    ShippingAddress.objects.update(phone_number="+4915112345678")
    words = {
        "number": order.number.lower(),
        "name": "mei lin",
        "email": order.guest_email,
        "phone": "0151 / 1234 5678",
        "sku": order.lines.get().partner_sku,
        "tracking": "JD0146",
    }

    found = clerk.get(reverse("dashboard:order-list"), {"q": words[what]})
    missed = clerk.get(reverse("dashboard:order-list"), {"q": "nobody-knows-this"})

    assert [row["number"] for row in found.context["rows"]] == [order.number]
    assert missed.context["rows"] == []


@pytest.mark.parametrize(
    "query",
    ["after=99999", "before=x", "after=9999999999999999999", "col=x", "sort=y", "kept=-1", "view=nonsense", "since=31.02.", "until=9999-12-31", "customer=-1",
     "product=99999999999999999999999", "q=" + "長" * 500, "since=0001-01-01"],
)  # fmt: skip
def test_no_query_breaks_the_list(office, query: str) -> None:
    order_of()

    assert office("Analyst").get(f"{reverse('dashboard:order-list')}?{query}").status_code == 200


def test_the_list_and_the_order_take_as_many_queries_with_many_rows(office) -> None:
    clerk = office("Warehouse clerk")

    def queries(address: str) -> int:
        clerk.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert clerk.get(address).status_code == 200
        return len(seen)

    address = f"{reverse('dashboard:order-list')}?view=all"
    order_of(user=UserFactory())
    few = queries(address)
    for _ in range(6):
        order_of(user=UserFactory())

    assert queries(address) == few


def test_the_download_is_safe_to_open_and_holds_the_whole_view(office) -> None:
    order = order_of()
    address = order.shipping_address
    address.first_name, address.last_name = '=HYPERLINK("http://x")', "Lin"
    address.save()

    answer = office("Operations manager").get(reverse("dashboard:order-export"), {"view": "all"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["number"] == order.number
    assert rows[0]["name"].startswith("'=HYPERLINK")
    assert Decimal(rows[0]["total_incl_tax"]) == order.total_incl_tax


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("-3.50", "-3.50"),
        ("-x", "'-x"),
        (" @a", "' @a"),
        ("Mei", "Mei"),
        (None, ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_quoted(given, kept) -> None:
    assert csv_safe(given) == kept


def test_a_note_that_is_sent_twice_is_one_note(office) -> None:
    agent, order = office("Customer-service agent"), order_of()
    form = {"message": "Rang her, call back on Monday", "key": str(uuid4())}

    answers = [agent.post(url("order-note", order), form, follow=True) for _press in range(2)]

    assert order.notes.get().message == form["message"]
    assert "there already" in answers[1].content.decode()
    agent.post(url("order-note", order), {**form, "key": str(uuid4())})
    assert order.notes.count() == 2
