"""The first thing in a basket: most visitors who buy put in no other."""

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from orders.basket.models import Basket, Line, line_values
from orders.keeping.seen import line_noted
from shop.core.planned import planned_rows

BEGIN = """
WITH basket AS (
    INSERT INTO basket_basket (owner_id, status, date_created) VALUES (%s, %s, %s) RETURNING id
), line AS (
    INSERT INTO basket_line (
        basket_id, line_reference, product_id, stockrecord_id, quantity,
        price_currency, price_excl_tax, price_incl_tax, tax_code, date_created, date_updated
    )
    SELECT id, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM basket RETURNING id, basket_id
), seen AS (
    INSERT INTO keeping_lineseen (line_id, price, currency, units, seen_at) SELECT id, %s, %s, %s, %s FROM line
)
SELECT basket_id, id FROM line
"""


def basket_begin(basket: Basket, line: Line) -> None:
    """Write a new basket, its first line and what its owner saw of it: one statement, all of it or nothing.

    ``line``: of ``basket``, with its price.
    """
    now = timezone.now()
    whose = [basket.owner_id, basket.status, basket.date_created or now]
    basket.pk, line.pk = planned_rows(
        BEGIN, [*whose, *line_values(line)[1:], *line_noted(line), now]
    )[0]
    line.basket_id = basket.pk
    for row in (basket, line):
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
