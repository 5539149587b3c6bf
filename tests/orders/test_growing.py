"""No step of an order reads more because there are more orders.

Each statement of two orders' whole lives is planned again with the reading of whole tables forbidden. Where PostgreSQL
finds no index to go by in a table that every order adds to, the step would cost more each year.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Order
from orders.refunds.services import refund_ask
from orders.services import order_cancel, order_deliver, order_pack, order_ship
from orders.services.adopting import orders_adopt
from orders.states import CancelReason
from payments.models import PaymentIntent
from shop.core.outbox import relay
from shop.dashboard.orders.person import person_of
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import GERMANY, Shopper, session_of
from tests.sales import refunds_finish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03")]

READS = re.compile(r"^\s*(?:--.*\n)*\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)

#: What an index is asked for, other than for what has nothing there or is older: that may be nearly all.
LEADS = re.compile(r" (?:=|= ANY|@@|@>|<@|&&|~>=~) ")

#: Of them only what waits is looked for, by indexes of that alone.
QUEUES = {"core_outboxevent", "core_outboxdelivery", "core_mail"}
#: Columns that say the same of very many rows.
FEW = {"status", "state", "kind", "gateway", "currency", "name", "handler", "language", "reason"}


def _life(client: Client, provider: Any, clerk: Any, product: Any) -> None:
    """One order arrives and gives money back; another is cancelled. Dear ones, which the rules look at twice."""
    first, second = (_bought(client, provider, product) for _ in range(2))
    order_pack(order=first, user=clerk)
    order_ship(order=first, carrier="DHL", tracking_number=uuid4().hex[:9], user=clerk)
    order_deliver(order=first, user=clerk)
    refund_ask(order=first, amount=Decimal("1.50"), reason="Late", key=uuid4(), user=clerk)
    order_cancel(order=second, reason=CancelReason.CUSTOMER, user=clerk)
    relay()
    refunds_finish()
    relay()
    person_of(first)
    orders_adopt(user=UserFactory(email=f"{uuid4().hex[:9]}@example.com"))


def _bought(client: Client, provider: Any, product: Any) -> Order:
    shopper = Shopper(client)
    shopper.add(product)
    placed = shopper.place(shopper.to_preview(address=GERMANY), payment="stripe")
    intent = PaymentIntent.objects.get(reference=session_of(placed["Location"]))
    provider.control.pay(session_of(intent.pay_url))
    client.get(reverse("payment-return", args=[intent.key]), follow=True)
    relay()
    return Order.objects.get(number=intent.order_number)


def _sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        parts = " UNION ALL ".join(f"SELECT '{one}', count(*) FROM \"{one}\"" for one in names)
        cursor.execute(parts)
        return dict(cursor.fetchall())


def _plan(sql: str) -> dict[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("EXPLAIN (VERBOSE, FORMAT JSON) " + sql.replace("%", "%%"), [])
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


@dataclass(frozen=True)
class _Index:
    table: str
    first: str
    #: It has what waits, and nothing more.
    is_partial: bool


def _indexes() -> dict[str, _Index]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relation.relname, owner.relname, pg_get_indexdef(indexrelid, 1, true), indpred IS NOT NULL"
            " FROM pg_index JOIN pg_class relation ON relation.oid = indexrelid"
            " JOIN pg_class owner ON owner.oid = indrelid"
            " WHERE owner.relnamespace = 'public'::regnamespace"
        )
        return {name: _Index(*rest) for name, *rest in cursor.fetchall()}


def _whole(
    node: dict[str, Any], growing: set[str], indexes: dict[str, _Index], text: str
) -> Iterator[str]:
    """Tables of ``growing`` of which a plan reads rows only to leave them out, with no index to find the others by.

    Among a few rows one index is as good as another: it is enough that one leads to what is asked for. Of a
    question inside of the question PostgreSQL keeps two plans, and hashes the table only as long as it is small.
    """
    name = node.get("Subplan Name", "")
    if name and f"hashed {name}" in text:
        return
    index = indexes.get(node.get("Index Name", ""))
    table, unwanted = index.table if index else node.get("Relation Name", ""), node.get("Filter")
    is_led = index and index.first not in FEW and LEADS.search(node.get("Index Cond", ""))
    if unwanted and table in growing and not is_led and not (index and index.is_partial):
        asked = _bare(unwanted, node.get("Alias"))
        ways = (one.first for one in indexes.values() if one.table == table)
        if not any(f"{_bare(way)} = " in asked for way in ways if way not in FEW):
            yield f"{node['Node Type']} of {table}, {unwanted}"
    for part in node.get("Plans", ()):
        yield from _whole(part, growing, indexes, text)


def _bare(text: str, alias: str = "") -> str:
    """Without brackets, types and the name of the table."""
    return re.sub(r"[()\"]|::\w+", "", text.replace(f"{alias}.", ""))


def test_no_step_goes_through_all_orders(client, provider):
    CountryFactory(iso_3166_1_a2="DE", printable_name="DE", name="DE")
    clerk = UserFactory(is_superuser=True, is_staff=True)
    product = ProductFactory(stock=9, price=Decimal(900))
    relay()
    _life(client, provider, clerk, product)
    before = _sizes()

    with CaptureQueriesContext(connection) as seen:
        _life(client, provider, clerk, product)

    growing = {name for name, size in _sizes().items() if size > before[name]}
    growing -= QUEUES
    assert {"order_order", "order_line", "payments_paymententry"} <= growing
    indexes, found = _indexes(), {}
    statements = {one["sql"] for one in seen if READS.match(one["sql"])}
    for sql in statements:
        plan = _plan(sql)
        for what in _whole(plan, growing, indexes, json.dumps(plan)):
            found.setdefault(what, sql[:600])
    assert len(statements) > 200
    assert not found, "\n\n".join(f"{what}\n{sql}" for what, sql in found.items())
