"""The only place that locks baskets and orders; first in the order of docs/locking.md."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from orders.basket.models import Basket
from orders.fulfilment.models import OrderFacts
from orders.models import Order
from orders.sums.models import OrderSums
from orders.whole import order_shared
from payments.models import PaymentIntent
from shop.core.planned import planned_rows
from shop.core.prepared import INTEGER, TEXT, Prepared


class Locked(NamedTuple):
    """An order and its payments, newest first, under their locks."""

    order: Order
    intents: list[PaymentIntent]


def basket_lock(basket_id: int) -> Basket:
    """Lock a basket and return its fresh row. Raises ``Basket.DoesNotExist``."""
    for basket in _basket.read(pk=basket_id):
        return basket
    raise Basket.DoesNotExist


def order_lock(*, number: str = "", order_id: int = 0) -> Order:
    """Lock an order, by number or by id, and return its fresh row. Raises ``Order.DoesNotExist``.

    Handlers that share a transaction share it, with what `orders.whole` read of it.
    """
    shared = order_shared(number=number, order_id=order_id)
    if shared is not None:
        return shared
    found = _order_of_number.read(number=number) if number else _order.read(pk=order_id)
    for order in found:
        return order
    raise Order.DoesNotExist


def order_row_lock(*, number: str = "", order_id: int = 0) -> int | None:
    """Lock an order and give its key; None if there is none. Who reads it reads it after this."""
    rows = _row_of_number.rows(number=number) if number else _row.rows(pk=order_id)
    return rows[0][0] if rows else None


def order_lock_with_payments(number: str) -> Locked:
    """Lock an order, then its payments by their keys; its facts and sums are known, too. Two statements.

    The second sees what was committed while the first waited. Raises ``Order.DoesNotExist``.
    """
    order = order_lock(number=number)
    rows = planned_rows(PAYMENTS_SQL, [order.pk, order.pk, order.shipping_address_id, number])
    ends = len(INTENT)
    last = ends + len(FACTS)
    for row in rows[:1]:
        if row[ends] is not None:
            order.facts = OrderFacts.from_db(DEFAULT_DB_ALIAS, FACTS, row[ends:last])
        has_sums = row[last] is not None  # one of earlier times has none
        sums = OrderSums.from_db(DEFAULT_DB_ALIAS, SUMS, row[last:-1]) if has_sums else None
        Order._meta.get_field("sums").set_cached_value(order, sums)
        order.country_known = row[-1] or ""
    intents = [PaymentIntent.from_db(DEFAULT_DB_ALIAS, INTENT, row[:ends]) for row in rows]
    return Locked(order, intents[::-1])


def baskets_lock(ids: Iterable[int]) -> dict[int, Basket]:
    """Lock several baskets by key and return their fresh rows; what is gone is missing."""
    rows = Basket.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows}


_basket: Prepared[Basket] = Prepared(
    lambda pk: Basket.objects.select_for_update(of=("self",)).filter(pk=pk), pk=INTEGER
)
_order: Prepared[Order] = Prepared(
    lambda pk: Order.objects.select_for_update(of=("self",)).filter(pk=pk), pk=INTEGER
)
_row: Prepared[tuple[int]] = Prepared(
    lambda pk: Order.objects.select_for_update(of=("self",)).filter(pk=pk).values_list("pk"),
    pk=INTEGER,
)
_row_of_number: Prepared[tuple[int]] = Prepared(
    lambda number: (
        Order.objects.select_for_update(of=("self",)).filter(number=number).values_list("pk")
    ),
    number=TEXT,
)
_order_of_number: Prepared[Order] = Prepared(
    lambda number: Order.objects.select_for_update(of=("self",)).filter(number=number), number=TEXT
)


INTENT = [one.attname for one in PaymentIntent._meta.local_concrete_fields]
FACTS = [one.attname for one in OrderFacts._meta.local_concrete_fields]
SUMS = [one.attname for one in OrderSums._meta.local_concrete_fields]
PAYMENTS_SQL = f"""
SELECT {", ".join(f"intent.{one.column}" for one in PaymentIntent._meta.local_concrete_fields)},
    {", ".join(f"facts.{one.column}" for one in OrderFacts._meta.local_concrete_fields)},
    {", ".join(f"sums.{one.column}" for one in OrderSums._meta.local_concrete_fields)},
    address.country_id
FROM payments_paymentintent intent
LEFT JOIN fulfilment_orderfacts facts ON facts.order_id = %s
LEFT JOIN {OrderSums._meta.db_table} sums ON sums.order_id = %s
LEFT JOIN order_shippingaddress address ON address.id = %s
WHERE intent.order_number = %s
ORDER BY intent.id FOR UPDATE OF intent
"""  # noqa: S608  names of our own
