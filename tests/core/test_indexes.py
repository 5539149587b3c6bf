"""What an order writes is written into no index twice, and a sale changes its stock in place."""

import pytest
from django.db import connection

from shop.core.outbox_sql import NEXT_SQL, NEXT_TO_SQL
from supply.services.stock import stock_allocate
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db

#: Of these each order writes rows.
WRITTEN = [
    "basket_line",
    "core_outboxdelivery",
    "fulfilment_consignmentline",
    "ledger_entry",
    "order_order",
    "papers_document",
    "payments_paymententry",
    "supply_warehousestock",
]
DOUBLED = """
SELECT one.indexrelid::regclass::text, longer.indexrelid::regclass::text
FROM pg_index one JOIN pg_index longer
  ON longer.indrelid = one.indrelid AND longer.indexrelid <> one.indexrelid
WHERE one.indrelid = ANY (%s::regclass[]) AND NOT one.indisunique AND one.indpred IS NULL
  AND one.indexprs IS NULL AND longer.indpred IS NULL
  AND (longer.indkey::int2[])[0:one.indnkeyatts - 1] = one.indkey::int2[]
  AND (longer.indclass::oid[])[0:one.indnkeyatts - 1] = one.indclass::oid[]
"""


def test_no_index_is_the_beginning_of_another():
    with connection.cursor() as cursor:
        cursor.execute(DOUBLED, [WRITTEN])
        assert cursor.fetchall() == []


def test_a_sale_writes_no_index_of_its_stock_record():
    record = ProductFactory(stock=10).stockrecords.get()
    changed = "SELECT pg_stat_get_xact_tuples_hot_updated('partner_stockrecord'::regclass)"
    with connection.cursor() as cursor:
        cursor.execute(changed)
        before = cursor.fetchone()[0]
        stock_allocate(wanted={record.pk: 2}, tracked={record.pk}, is_last=True)
        cursor.execute(changed)
        assert cursor.fetchone()[0] == before + 1


@pytest.mark.parametrize(
    ("sql", "values", "times"),
    [
        (NEXT_SQL, ["now", "{a,b}", "{a,b}", "now"], 1),  # for the first of all, in its order
        (NEXT_TO_SQL, ["now", "1", "{a,b}"], 0),
    ],
)
def test_what_an_order_has_to_hear_is_not_looked_for_among_all_that_waits(sql, values, times):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert plan.count("outbox_due") == times, plan
