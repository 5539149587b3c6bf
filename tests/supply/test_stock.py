"""Every unit that moves leaves a row, and none is promised twice."""

import pytest
from django.db import IntegrityError, transaction

from catalog.partner.models import StockRecord
from shop.core.models import OutboxEvent
from supply.exceptions import OutOfStock, StockMismatch
from supply.models import Reason, StockMovement
from supply.services import stock_allocate, stock_move, stock_release, stock_ship
from tests.factories import ProductClassFactory, ProductFactory
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01", "S5.03")]


def record(stock: int = 10, **fields: object) -> StockRecord:
    return ProductFactory(stock=stock, **fields).stockrecords.get()


def test_a_promise_is_taken_and_given_back():
    cup = record(10)

    stock_allocate(wanted={cup.pk: 4})
    stock_release(units={cup.pk: 1})

    cup.refresh_from_db()
    assert (cup.num_in_stock, cup.num_allocated) == (10, 3)
    assert StockMovement.objects.count() == 1


def test_every_short_record_is_named_and_nothing_is_taken():
    cup, lamp, pen = record(1), record(2), record(100)

    with pytest.raises(OutOfStock) as refused:
        stock_allocate(wanted={cup.pk: 2, lamp.pk: 3, pen.pk: 5})

    assert refused.value.shortages == {cup.pk: 1, lamp.pk: 2}
    pen.refresh_from_db()
    assert pen.num_allocated in (None, 0)


def test_the_last_unit_is_promised_once():
    cup = record(1)
    stock_allocate(wanted={cup.pk: 1})

    with pytest.raises(OutOfStock):
        stock_allocate(wanted={cup.pk: 1})


def test_lists_hear_of_a_sale_only_when_it_leaves_too_little():
    cup = record(3)
    told = OutboxEvent.objects.filter(name="StockChanged", payload={"stock_record_ids": [cup.pk]})
    seen = [told.count()]
    for step in (stock_allocate, stock_allocate, stock_allocate, stock_release):
        step(**{"units" if step is stock_release else "wanted": {cup.pk: 1}})
        seen.append(told.count() - seen[0])

    assert seen[1:] == [0, 0, 1, 2]


def test_what_was_never_promised_cannot_be_given_back_or_shipped():
    cup = record(5)
    stock_allocate(wanted={cup.pk: 1})

    with pytest.raises(StockMismatch):
        stock_release(units={cup.pk: 2})
    with pytest.raises(StockMismatch):
        stock_ship(units={cup.pk: 2}, source="parcel:1")

    assert StockMovement.objects.filter(reason=Reason.SOLD).count() == 0


def test_shipping_writes_the_ledger_once_per_parcel():
    cup = record(5)
    stock_allocate(wanted={cup.pk: 2})
    stock_ship(units={cup.pk: 1}, source="parcel:1")

    with pytest.raises(IntegrityError, match="movement_once_per_source"), transaction.atomic():
        stock_ship(units={cup.pk: 1}, source="parcel:1")

    cup.refresh_from_db()
    assert (cup.num_in_stock, cup.num_allocated) == (4, 1)


def test_the_same_delivery_note_counts_once():
    cup = record(5)
    arrived = {"stock_record_id": cup.pk, "quantity": 3, "reason": Reason.RECEIVED}

    assert stock_move(**arrived, source="note:7") is True
    assert stock_move(**arrived, source="note:7") is False

    cup.refresh_from_db()
    assert cup.num_in_stock == 8


def test_what_is_promised_cannot_be_counted_away():
    cup = record(5)
    stock_allocate(wanted={cup.pk: 4})

    with pytest.raises(OutOfStock):
        stock_move(stock_record_id=cup.pk, quantity=-2, reason=Reason.COUNTED, source="count:1")
    stock_move(stock_record_id=cup.pk, quantity=-1, reason=Reason.COUNTED, source="count:2")

    cup.refresh_from_db()
    assert (cup.num_in_stock, cup.num_allocated) == (4, 4)


def test_a_movement_of_nothing_is_no_movement():
    cup = record(5)

    with pytest.raises(IntegrityError, match="movement_moves_something"), transaction.atomic():
        stock_move(stock_record_id=cup.pk, quantity=0, reason=Reason.COUNTED, source="count:1")


def test_what_is_not_counted_is_never_short():
    download = ProductClassFactory(slug="downloads", track_stock=False, requires_shipping=False)
    song = record(0, product_class=download)

    stock_allocate(wanted={song.pk: 1000})

    song.refresh_from_db()
    assert song.num_allocated in (None, 0)


def test_books_add_up_after_a_life_of_moves():
    cup = record(10)
    stock_move(stock_record_id=cup.pk, quantity=5, reason=Reason.RECEIVED, source="note:1")
    stock_move(stock_record_id=cup.pk, quantity=-2, reason=Reason.LOST, source="lost:1")
    stock_move(stock_record_id=cup.pk, quantity=1, reason=Reason.RETURNED, source="return:1")

    cup.refresh_from_db()
    assert cup.num_in_stock == 14
    assert verified()[0], verified()[1]
