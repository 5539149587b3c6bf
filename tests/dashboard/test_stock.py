"""Stock in the back office: every correction is one row of the ledger, whoever clicks how often."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.partner.models import StockRecord
from shop.dashboard.goods.checking import Checker
from shop.dashboard.goods.exceptions import RowRefused
from shop.dashboard.goods.lookups import Known, Shelves
from supply.models import Bin, StockMovement
from supply.services import bin_put, bins_add, count_enter, count_plan, stock_allocate
from tests.factories import ProductFactory, UserFactory, WarehouseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> StockRecord:
    return ProductFactory(stock=10).stockrecords.get()


def booking(reason: str, quantity: object, *, seen: int = 10, **others) -> dict:
    return {
        "reason": reason,
        "quantity": quantity,
        "seen": seen,
        "key": str(uuid.uuid4()),
        "note": "shelf 4",
    } | others


def correct(client, record: StockRecord, form: dict):
    return client.post(reverse("dashboard:stock-correct", kwargs={"pk": record.pk}), form)


@pytest.mark.parametrize(
    ("reason", "quantity", "left"), [("received", 5, 15), ("lost", 4, 6), ("counted", 7, 7)]
)
def test_a_booking_moves_stock_and_leaves_a_row(office, record, reason, quantity, left) -> None:
    correct(office("Warehouse clerk"), record, booking(reason, quantity))

    record.refresh_from_db()
    entry = StockMovement.objects.get(reason=reason)
    assert record.num_in_stock == left
    assert (entry.quantity, entry.note) == (left - 10, "shelf 4")
    assert entry.moved_by is not None
    call_command("verify")


def test_who_may_not_write_off_is_not_offered_to_take_lost_units_away(client, record) -> None:
    clerk = UserFactory(is_staff=True)
    names = ("dashboard_access", "view_stockmovement", "add_stockmovement")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(clerk)

    page = client.get(reverse("dashboard:stock-detail", kwargs={"pk": record.pk}))
    forged = correct(client, record, booking("lost", 4))

    assert 'value="received"' in page.text
    assert 'value="lost"' not in page.text
    assert forged.status_code == 422
    record.refresh_from_db()
    assert (record.num_in_stock, StockMovement.objects.filter(reason="lost").count()) == (10, 0)
    correct(client, record, booking("received", 1))
    record.refresh_from_db()
    assert record.num_in_stock == 11


def test_the_same_page_submitted_twice_books_once(office, record) -> None:
    clerk, form = office("Warehouse clerk"), booking("received", 5)

    correct(clerk, record, form)
    again = correct(clerk, record, form)

    record.refresh_from_db()
    assert record.num_in_stock == 15
    assert "booked already" in str(list(get_messages(again.wsgi_request))[-1])


def test_a_count_is_held_against_the_book_that_was_seen(office, record) -> None:
    clerk = office("Warehouse clerk")
    form = booking("counted", 9, seen=10)
    correct(clerk, record, booking("lost", 2))  # sold while the clerk counted

    correct(clerk, record, form)

    record.refresh_from_db()
    assert record.num_in_stock == 7


def test_what_orders_hold_cannot_be_taken_away(office, record) -> None:
    stock_allocate(wanted={record.pk: 8})

    answer = correct(office("Warehouse clerk"), record, booking("lost", 3))

    record.refresh_from_db()
    assert answer.status_code == 422
    assert "at most 2" in answer.content.decode()
    assert record.num_in_stock == 10


@pytest.mark.parametrize("quantity", ["-1", "1.5", "", "9999999999", "x", "0"])
def test_an_impossible_number_books_nothing(office, record, quantity) -> None:
    answer = correct(office("Warehouse clerk"), record, booking("received", quantity))

    assert answer.status_code == 422
    assert StockMovement.objects.count() == 1


def test_lists_take_as_many_queries_with_many_rows(office, record) -> None:
    client = office("Analyst")
    addresses = [reverse(f"dashboard:{name}") for name in ("stock-list", "ledger-list")]

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
        return counts

    queries()
    few = queries()
    for _ in range(6):
        ProductFactory()

    assert queries() == few


def test_the_scarcest_come_first_and_views_narrow(office, record) -> None:
    gone = ProductFactory(stock=0).stockrecords.get()
    client, address = office("Analyst"), reverse("dashboard:stock-list")

    everything = client.get(address).context["page_obj"].object_list
    out = client.get(address, {"view": "out"}).context["page_obj"].object_list

    assert everything[0] == gone
    assert list(out) == [gone]


def test_the_ledger_is_narrowed_by_record_and_reason(office, record) -> None:
    correct(office("Warehouse clerk"), record, booking("lost", 1))
    ProductFactory()
    client, address = office("Analyst"), reverse("dashboard:ledger-list")

    page = client.get(address, {"record": record.pk, "reason": "lost"}).context["page_obj"]

    assert [entry.quantity for entry in page] == [-1]


def counter(client, *rights: str):
    """A browser of somebody who counts and books stock, with these rights beside."""
    clerk = UserFactory(is_staff=True)
    names = ("dashboard_access", "view_stockmovement", "add_stockmovement", "view_cyclecount")
    names += ("change_countline", *rights)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(clerk)
    return client


@pytest.mark.parametrize("counted", [0, 9])
def test_a_shelf_counted_lower_is_not_booked_without_the_right_to_write_off(
    client, record, counted
) -> None:
    clerk = counter(client)

    answer = correct(clerk, record, booking("counted", counted))

    record.refresh_from_db()
    assert answer.status_code == 422
    assert "your role does not write off" in answer.text
    assert (record.num_in_stock, StockMovement.objects.count()) == (10, 1)
    correct(clerk, record, booking("counted", 12))
    correct(counter(client, "write_off_stock"), record, booking("counted", 11, seen=12))
    record.refresh_from_db()
    assert record.num_in_stock == 11


def test_missing_units_of_a_cycle_count_wait_on_the_page_for_who_may_decide(
    office, client, record
) -> None:
    main = WarehouseFactory()
    bins_add(warehouse=main, codes=["A-1"])
    bin_put(shelf=Bin.objects.get(), stock_record_id=record.pk, units=10)
    count = count_plan(warehouse=main, day=timezone.localdate(), key=uuid.uuid4())
    line = count.lines.get()
    decide = reverse("dashboard:count-decide", kwargs={"pk": line.pk})
    waiting = reverse("dashboard:count-list") + "?view=waiting"
    clerk = counter(client)

    page = clerk.get(reverse("dashboard:count-detail", kwargs={"pk": count.pk}))
    assert "a colleague who may write off books it" in page.text
    said = clerk.post(
        reverse("dashboard:count-enter", kwargs={"pk": line.pk}),
        {"counted": 9, "reason": "unknown"},
        follow=True,
    )
    assert "Units are missing" in said.text
    assert decide not in clerk.get(waiting).text
    assert "a colleague decides" in clerk.get(waiting).text
    other = counter(Client())
    assert decide not in other.get(waiting).text
    assert "Waits for a colleague who may write off" in other.get(waiting).text
    other.post(decide, {"decision": "yes"})
    record.refresh_from_db()
    assert record.num_in_stock == 10

    keeper = office("Warehouse clerk")
    assert decide in keeper.get(waiting).text
    keeper.post(decide, {"decision": "yes"})

    record.refresh_from_db()
    assert record.num_in_stock == 9
    call_command("verify")


def test_a_large_difference_is_not_for_the_warehouse_clerk_to_approve(
    office, record, settings
) -> None:
    settings.COUNT_APPROVAL_ABOVE = 1
    main = WarehouseFactory()
    bins_add(warehouse=main, codes=["A-1"])
    bin_put(shelf=Bin.objects.get(), stock_record_id=record.pk, units=10)
    line = count_plan(warehouse=main, day=timezone.localdate(), key=uuid.uuid4()).lines.get()
    count_enter(line=line, counted=4, reason="stolen", user=UserFactory())
    decide = reverse("dashboard:count-decide", kwargs={"pk": line.pk})

    for role, left in (("Warehouse clerk", 10), ("Operations manager", 4)):
        office(role).post(decide, {"decision": "yes"})
        record.refresh_from_db()
        assert record.num_in_stock == left, role


def test_a_table_takes_no_units_away_without_the_right(record) -> None:
    shelves, known = Shelves(), Known([{"sku": record.partner_sku}])
    checker = Checker(shelves, known, currency="EUR", may_stock=True, may_fewer=False)

    with pytest.raises(RowRefused, match="does not write off"):
        checker.plan({"sku": record.partner_sku, "stock": "9"})
    assert checker.plan({"sku": record.partner_sku, "stock": "11"}).stock == 11
