"""Rows that are written by SQL that is put together once are those that Django would have written."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, DataError, connection, transaction
from django.forms import model_to_dict
from django.utils import timezone

from catalog.kinds.models import ProductSet
from orders.fulfilment.models import OrderFacts
from orders.models import Order
from orders.sums.models import OrderSums
from payments.models import PaymentIntent
from shop.core.audit.acting import acting
from shop.core.audit.models import Entry
from shop.core.inserting import (
    NotInsertableError,
    row_insert,
    row_insert_once,
    row_update,
    rows_insert,
)
from shop.core.models import Mail
from shop.core.planned import planned_rows, untyped
from tests.factories import ProductFactory
from tests.sales import basket_with, checkout_of

pytestmark = pytest.mark.django_db


def _plans() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [row[0] for row in cursor.fetchall()]


def test_a_statement_has_one_plan_from_its_first_time():
    asked = "SELECT id FROM core_mail WHERE reference = ANY(%s) AND due_at <= %s"
    for number in range(3):
        planned_rows(asked, [["a"] * (number + 1), timezone.now()])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            ["SELECT id FROM core_mail WHERE reference%"],
        )
        assert cursor.fetchall() == [(3, 0)]


def test_a_row_is_that_of_create():
    facts = {
        "order_number": "A",
        "gateway": "transfer",
        "amount": Decimal("12.30"),
        "currency": "EUR",
        "email": "mei%s@example.com",
    }
    mine = row_insert(PaymentIntent(**facts))
    theirs = PaymentIntent.objects.create(**{**facts, "order_number": "B"})

    read = PaymentIntent.objects.get(pk=mine.pk)
    assert mine._state.adding is False
    assert mine._state.db == "default"
    assert model_to_dict(mine) == model_to_dict(read)
    same = model_to_dict(read) | {
        "id": theirs.pk,
        "order_number": "B",
        "created_at": theirs.created_at,
    }
    assert same == model_to_dict(PaymentIntent.objects.get(pk=theirs.pk))
    assert (read.key, read.updated_at, read.created_at) == (
        mine.key,
        mine.updated_at,
        mine.created_at,
    )


def test_it_can_be_changed_afterwards_and_obeys_the_tables_rules():
    mine = row_insert(PaymentIntent(order_number="A", gateway="x", amount=1, currency="EUR"))
    mine.email = "new@example.com"
    mine.save()
    assert PaymentIntent.objects.get().email == "new@example.com"

    with pytest.raises(Exception, match="intent_one_live_per_part"), transaction.atomic():
        row_insert(PaymentIntent(order_number="A", gateway="x", amount=1, currency="EUR"))


def test_only_the_named_fields_are_written():
    mine = row_insert(PaymentIntent(order_number="A", gateway="x", amount=1, currency="EUR"))
    PaymentIntent.objects.update(email="theirs@example.com", language="en")
    mine.amount, mine.language, mine.email = Decimal("2.50"), "zh-hans", "mine@example.com"
    row_update(mine, "amount", "language")
    read = PaymentIntent.objects.get()
    assert (read.amount, read.language, read.email) == (
        Decimal("2.50"),
        "zh-hans",
        "theirs@example.com",
    )


def test_a_row_that_is_gone_is_not_updated():
    mine = row_insert(PaymentIntent(order_number="A", gateway="x", amount=1, currency="EUR"))
    PaymentIntent.objects.all().delete()
    with pytest.raises(DatabaseError):
        row_update(mine, "email")


def test_a_row_that_is_there_already_is_not_written_again():
    def mail(subject: str) -> Mail:
        return Mail(key="k", kind="x", to="mei@example.com", language="en", subject=subject)

    first, second = mail("first"), mail("second")
    assert row_insert_once(first, by="key") is True
    assert row_insert_once(second, by="key") is False
    assert (first.pk, second.pk) == (Mail.objects.get().pk, None)
    assert Mail.objects.get().subject == "first"


def test_texts_of_a_list_stay_what_they_are():
    odd = ["a,b", 'say "yes"', "back\\slash", "", "null", "{}", "中文"]
    rows = planned_rows("SELECT one FROM unnest(%s::text[]) one", [odd])
    assert [row[0] for row in rows] == odd


def test_what_is_more_than_one_plain_table_is_refused():
    with pytest.raises(NotInsertableError):
        row_insert(Entry())  # a column of it is filled by the database
    with pytest.raises(NotInsertableError):
        row_insert(ProductSet())  # its key is another row's


def test_one_plan_serves_all_values():
    sql = "SELECT id FROM order_order WHERE id = %s OR user_id = %s"
    before = len([one for one in _plans() if "user_id = $2" in one])
    for values in ([1, None], [70_000, 3], [3, 70_000]):
        planned_rows(sql, values)
    assert len([one for one in _plans() if "user_id = $2" in one]) == before + 1


def test_values_travel_without_a_type():
    assert [untyped(one) for one in (True, 3, Decimal("1.20"), [1, 2], None, "a")] == [
        "t",
        "3",
        "1.20",
        "{1,2}",
        None,
        "a",
    ]


def test_lists_come_back_as_they_were():
    texts = ['say "no"', "a, b", "c\\d", "NULL", "", "{x}", '","', "阅读灯"]
    moment = timezone.now()
    sql = "SELECT %s::text[], %s::text[], %s::bigint[], %s::timestamptz[], %s::text[], %s::text[]"

    row = planned_rows(sql, [texts, ["a", "b"], [3, -4], [moment], [], ["a", 3]])[0]

    assert row == (texts, ["a", "b"], [3, -4], [moment], [], ["a", "3"])


def test_rows_of_several_models_are_written_by_one_statement(django_assert_num_queries):
    orders = [
        Order.objects.create(number=name, total_incl_tax=1, total_excl_tax=1) for name in "ABC"
    ]
    words = ['say "no"', "a, b \\ {c}", "NULL"]
    facts = [
        OrderFacts(order=order, language="en", payment_method=text)
        for order, text in zip(orders, words, strict=True)
    ]
    sums = OrderSums(order=orders[1], own_currency="EUR", rate=Decimal("1.25"), total_own=3)

    with django_assert_num_queries(1):
        rows_insert([facts[0], sums, *facts[1:]])

    for row, order, text in zip(facts, orders, words, strict=True):
        read = OrderFacts.objects.get(pk=row.pk)
        assert (read.order, read.payment_method, read.promised_until) == (order, text, None)
        assert model_to_dict(read) == model_to_dict(row)
        assert row._state.adding is False
    assert model_to_dict(OrderSums.objects.get()) == model_to_dict(sums)


def test_what_does_not_fit_its_column_is_refused_and_not_cut():
    order = Order.objects.create(number="A", total_incl_tax=1, total_excl_tax=1)

    with pytest.raises(DataError), transaction.atomic():
        rows_insert([OrderFacts(order=order, language="en" * 40)])
    assert not OrderFacts.objects.exists()


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        rows_insert([])


@pytest.mark.django_db(transaction=True)
def test_who_acts_is_noted_all_the_same():
    with acting(user_id=7, place="a-page", reason="because"), transaction.atomic():
        row_insert(PaymentIntent(order_number="A", gateway="x", amount=1, currency="EUR"))
    assert Entry.objects.filter(label="payments.paymentintent", place="a-page").count() == 1


def test_an_order_that_was_placed_is_whole():
    from orders.services import order_place

    order = order_place(checkout=checkout_of(basket_with({ProductFactory(stock=9): 2})))

    read = Order.objects.get(pk=order.pk)
    fields = [one.attname for one in Order._meta.concrete_fields]
    assert {name: getattr(order, name) for name in fields} == {
        name: getattr(read, name) for name in fields
    }
    assert "Berlin" in read.shipping_address.search_text
    assert sum(one.quantity for one in read.lines.get().prices.all()) == 2
    assert OrderFacts.objects.get(order=read).order == read
