"""Stock in several warehouses: the books agree, whatever moves between them."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from catalog.partner.models import StockRecord
from crm.accounts.models import User
from supply.exceptions import OutOfStock, SupplyRefused
from supply.models import Bin, BinStock, CountLine, Reason, StockMovement, WarehouseStock
from supply.selectors import stock_places
from supply.services import (
    Came,
    bin_put,
    bins_add,
    count_decide,
    count_enter,
    count_plan,
    stock_allocate,
    stock_move,
    stock_reserve,
    stock_ship,
    stocks_count,
    transfer_line_set,
    transfer_make,
    transfer_receive,
    transfer_send,
    warehouse_save,
)
from tests.factories import (
    CountryFactory,
    OtherWarehouseFactory,
    ProductFactory,
    UserFactory,
    WarehouseFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.52")]


def record_of(stock: int = 10, **fields) -> StockRecord:
    return ProductFactory(stock=stock, **fields).stockrecords.get()


def who_may(*rights: str) -> User:
    """A clerk with these rights on stock, and no others."""
    clerk = UserFactory()
    clerk.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return clerk


def boss() -> User:
    return who_may("write_off_stock", "approve_countline")


def there(record: StockRecord) -> dict[str, tuple[int, int]]:
    """On hand and reserved by warehouse; all the books agree at the same time."""
    call_command("verify")
    rows = WarehouseStock.objects.filter(stock_record=record).select_related("warehouse")
    return {row.warehouse.code: (row.on_hand, row.reserved) for row in rows}


def on_hand(record: StockRecord) -> int:
    return StockRecord.objects.get(pk=record.pk).num_in_stock or 0


@pytest.mark.req("S3.51")
def test_a_transfer_is_sold_by_nobody_until_it_came_and_every_difference_is_named() -> None:
    cup, lyon, main = record_of(10), OtherWarehouseFactory(), WarehouseFactory()
    moved = transfer_make(source=main, target=lyon, key=uuid4())
    transfer_line_set(transfer=moved, stock_record_id=cup.pk, units=11)
    with pytest.raises(OutOfStock) as short:
        transfer_send(transfer=moved)
    assert short.value.shortages == {cup.pk: 10}

    transfer_line_set(transfer=moved, stock_record_id=cup.pk, units=4)
    assert transfer_send(transfer=moved) is True
    assert transfer_send(transfer=moved) is False
    assert (on_hand(cup), there(cup)) == (6, {"main": (6, 0)})

    line = moved.lines.get()
    with pytest.raises(SupplyRefused, match="every difference"):
        transfer_receive(transfer=moved, came={line.pk: Came(3)})
    assert there(cup) == {"main": (6, 0)}
    assert transfer_receive(transfer=moved, came={line.pk: Came(3, "damaged", "wet box")})
    assert transfer_receive(transfer=moved, came={line.pk: Came(4)}) is False

    line.refresh_from_db()
    assert (line.received, line.difference, line.words) == (3, "damaged", "wet box")
    assert (on_hand(cup), there(cup)) == (9, {"main": (6, 0), "lyon": (3, 0)})
    with pytest.raises(SupplyRefused, match="has left already"):
        transfer_line_set(transfer=moved, stock_record_id=cup.pk, units=1)


def test_what_a_warehouse_that_does_not_sell_holds_is_not_for_sale() -> None:
    cup, lyon = record_of(2), OtherWarehouseFactory()
    stock_move(
        stock_record_id=cup.pk, quantity=5, reason=Reason.RECEIVED, source="n:1", warehouse=lyon
    )
    assert (on_hand(cup), there(cup)) == (7, {"main": (2, 0), "lyon": (5, 0)})
    stock_allocate(wanted={cup.pk: 3})

    with pytest.raises(SupplyRefused, match=cup.partner_sku):
        warehouse_save(warehouse=lyon, columns={"is_sellable": False})
    stock_move(stock_record_id=cup.pk, quantity=1, reason=Reason.RECEIVED, source="n:2")
    lyon.refresh_from_db()
    warehouse_save(warehouse=lyon, columns={"is_sellable": False})
    assert on_hand(cup) == 3
    stock_move(
        stock_record_id=cup.pk, quantity=4, reason=Reason.RECEIVED, source="n:3", warehouse=lyon
    )
    assert on_hand(cup) == 3
    warehouse_save(warehouse=lyon, columns={"is_sellable": True})
    assert on_hand(cup) == 12
    assert StockRecord.objects.get(pk=cup.pk).num_allocated == 3


def test_reserved_units_are_left_where_they_are_and_free_ones_go_first() -> None:
    cup, lyon, main = record_of(4), OtherWarehouseFactory(), WarehouseFactory()
    stock_move(
        stock_record_id=cup.pk, quantity=3, reason=Reason.RECEIVED, source="n:1", warehouse=lyon
    )
    stock_allocate(wanted={cup.pk: 5})
    stock_reserve(warehouse=main, units={cup.pk: 3})
    with pytest.raises(OutOfStock):
        stock_reserve(warehouse=main, units={cup.pk: 2})

    # Two units of an order that was never routed: the free one of main, then one of Lyon.
    stock_ship(units={cup.pk: 2}, source="parcel:1")
    sold = StockMovement.objects.filter(source="parcel:1").order_by("warehouse__code")
    assert list(sold.values_list("warehouse__code", "quantity")) == [("lyon", -1), ("main", -1)]
    stock_ship(units={cup.pk: 3}, source="parcel:2", warehouse=main)
    assert on_hand(cup) == 2

    assert stocks_count(counted={cup.pk: 1}, source="import:1") == 1
    stock = WarehouseStock.objects.get(warehouse=lyon, stock_record=cup)
    assert (stock.on_hand, on_hand(cup)) == (1, 1)


def test_bins_hold_what_was_put_there_and_never_more_than_the_warehouse() -> None:
    cup, main = record_of(5), WarehouseFactory()
    assert bins_add(warehouse=main, codes=["a-1", "A-1", " b-2 "]) == 2
    near, far = Bin.objects.order_by("rank")
    bin_put(shelf=near, stock_record_id=cup.pk, units=2)
    bin_put(shelf=far, stock_record_id=cup.pk, units=3)
    with pytest.raises(OutOfStock):
        bin_put(shelf=far, stock_record_id=cup.pk, units=1)
    (place,) = stock_places(cup.pk)
    assert [(row.bin.code, row.units) for row in place.bins] == [("A-1", 2), ("B-2", 3)]

    stock_move(stock_record_id=cup.pk, quantity=-4, reason=Reason.LOST, source="lost:1")

    assert there(cup) == {"main": (1, 0)}
    assert [row.units for row in BinStock.objects.order_by("bin__rank")] == [1, 0]


def test_a_count_books_small_differences_and_asks_a_second_person_about_large_ones(
    settings,
) -> None:
    settings.COUNT_APPROVAL_ABOVE = 25
    cup, main = record_of(8), WarehouseFactory()
    bins_add(warehouse=main, codes=["A-1"])
    shelf, ken, wei = Bin.objects.get(), who_may("write_off_stock"), boss()
    bin_put(shelf=shelf, stock_record_id=cup.pk, units=8)
    key = uuid4()
    count = count_plan(warehouse=main, day=timezone.localdate(), key=key, user=wei)
    assert count_plan(warehouse=main, day=timezone.localdate(), key=key) == count
    line: CountLine = count.lines.get()

    with pytest.raises(SupplyRefused, match="say why"):
        count_enter(line=line, counted=5, user=ken)
    line = count_enter(line=line, counted=5, reason="stolen", words="seal broken", user=ken)
    assert (line.state, line.book, on_hand(cup)) == ("waiting", 8, 8)
    with pytest.raises(SupplyRefused, match="Ask a colleague"):
        count_decide(line=line, is_approved=True, user=ken)
    assert count_decide(line=line, is_approved=False, user=wei).state == "refused"

    line = count_enter(line=line, counted=6, reason="unknown", user=ken)  # 20.00, below the limit
    assert (line.state, on_hand(cup), there(cup)) == ("booked", 6, {"main": (6, 0)})
    assert BinStock.objects.get().units == 6
    booked = StockMovement.objects.get(source=f"count:{line.pk}")
    assert (booked.quantity, booked.reason, booked.moved_by) == (-2, Reason.COUNTED, ken)
    with pytest.raises(SupplyRefused, match="already"):
        count_enter(line=line, counted=6, user=wei)


def counted_line(cup, main) -> CountLine:
    bins_add(warehouse=main, codes=["A-1"])
    bin_put(shelf=Bin.objects.get(), stock_record_id=cup.pk, units=8)
    return count_plan(warehouse=main, day=timezone.localdate(), key=uuid4()).lines.get()


def test_fewer_units_wait_for_who_may_write_off(settings) -> None:
    settings.COUNT_APPROVAL_ABOVE = 25
    cup, main = record_of(8), WarehouseFactory()
    line = counted_line(cup, main)

    line = count_enter(line=line, counted=7, reason="unknown", user=who_may())
    assert (line.state, on_hand(cup)) == ("waiting", 8)
    for nobody in (who_may(), who_may("approve_countline")):
        for is_approved in (True, False):
            with pytest.raises(SupplyRefused, match="Your role"):
                count_decide(line=line, is_approved=is_approved, user=nobody)
    assert on_hand(cup) == 8

    line = count_decide(line=line, is_approved=True, user=who_may("write_off_stock"))
    assert (line.state, on_hand(cup), there(cup)) == ("booked", 7, {"main": (7, 0)})


def test_more_units_need_no_right_to_write_off() -> None:
    cup, main = record_of(8), WarehouseFactory()

    line = count_enter(line=counted_line(cup, main), counted=9, reason="unbooked", user=who_may())

    assert (line.state, on_hand(cup)) == ("booked", 9)


def test_many_missing_units_take_both_rights(settings) -> None:
    settings.COUNT_APPROVAL_ABOVE = 25
    cup, main = record_of(8), WarehouseFactory()
    line = count_enter(
        line=counted_line(cup, main), counted=2, reason="stolen", user=who_may("write_off_stock")
    )
    assert line.state == "waiting"

    for right in ("write_off_stock", "approve_countline"):
        with pytest.raises(SupplyRefused, match="Your role"):
            count_decide(line=line, is_approved=True, user=who_may(right))
    assert count_decide(line=line, is_approved=True, user=boss()).state == "booked"
    assert on_hand(cup) == 2


def test_a_count_of_all_warehouses_takes_nothing_away_without_the_right() -> None:
    cup, tea = record_of(8), record_of(8)

    with pytest.raises(SupplyRefused, match="fewer than the book"):
        stocks_count(counted={cup.pk: 9, tea.pk: 7}, source="import:1", user=who_may())
    assert (on_hand(cup), on_hand(tea)) == (8, 8)

    counted = {cup.pk: 9, tea.pk: 7}
    assert stocks_count(counted=counted, source="import:1", user=who_may("write_off_stock")) == 2


def test_an_order_holds_what_a_count_would_take_away(settings) -> None:
    cup, main = record_of(3), WarehouseFactory()
    bins_add(warehouse=main, codes=["A-1"])
    bin_put(shelf=Bin.objects.get(), stock_record_id=cup.pk, units=3)
    stock_allocate(wanted={cup.pk: 3})
    stock_reserve(warehouse=main, units={cup.pk: 3})
    line = count_plan(warehouse=main, day=timezone.localdate(), key=uuid4()).lines.get()

    with pytest.raises(SupplyRefused, match="Route them anew"):
        count_enter(line=line, counted=2, reason="damaged", user=who_may("write_off_stock"))

    line.refresh_from_db()
    assert (line.state, on_hand(cup), BinStock.objects.get().units) == ("open", 3, 3)


def test_a_warehouse_knows_its_days() -> None:
    main = WarehouseFactory(country=CountryFactory())
    monday = timezone.datetime(2026, 11, 30).date()
    main.holidays = [monday]
    assert [main.works_on(monday + timezone.timedelta(days=n)) for n in (0, 1, 5)] == [
        False,
        True,
        False,
    ]
