"""From what a clerk types to what `OrderWords` keeps. The triggers cut the same way.

Every word must be found. One of three letters or more may be the beginning of what was meant, and so
may a shorter one that is not Latin, but not a word that very many orders have as it stands: all that
begins with it would be half the shop. A telephone number is found by its digits, with or without the
country, and by its last four or six.
"""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, QuerySet, When

from orders.desk.common import share_of
from orders.desk.models import OrderWords

MOST_WORDS = 6
PHONE = re.compile(r"^[+(]?[\d\s()/.-]{4,}$")
WAY = re.compile(r"'([cp]:[^']+)'(?!:)")  # a whole word in a query
BEGINS = 3  # letters from which on a Latin word may be a beginning


class Wanted(SearchQuery):
    """A query as it is written, without a language's endings."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted, search_type="raw")

    def as_sql(
        self, compiler: Any, connection: Any, function: Any = None, template: Any = None
    ) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="%(expressions)s::tsquery")


def words_wanted(text: str, *, people: bool = True) -> str:
    """The query in PostgreSQL's own writing; empty where there is nothing to look for.

    ``people``: whether the reader may find by what is known of a person.
    """
    text = text.replace("\0", "").casefold().strip()
    if people and PHONE.match(text) and len(digits := _digits(text)) >= BEGINS + 1:
        whole = [_said("c:", re.sub(r"\s+", "", text)), _said("p:", digits)]
        return f"({' | '.join(whole)})"
    found = []
    for word in filter(None, (one.strip(',;"') for one in text.split()[:MOST_WORDS])):
        kinds = ("c:", "p:") if people else ("c:",)
        ways = [
            _quoted(kind, word) if share_of(f"{kind}{word}") else _said(kind, word)
            for kind in kinds
        ]
        found.append(f"({' | '.join(ways)})")
    return " & ".join(found)


def share_wanted(wanted: str) -> float:
    """About which part of all orders has the words ``wanted``; 0: hardly any, or nobody knows."""
    share = 1.0
    for word in wanted.split(" & "):
        share *= min(sum(share_of(way) for way in WAY.findall(word)), 1.0)
    return share


def words_match(wanted: str) -> Exists:
    """To filter orders with."""
    return Exists(OrderWords.objects.filter(words=Wanted(wanted), order=OuterRef("pk")))


def words_among(wanted: str, ids: list[int]) -> list[int]:
    """Those of ``ids`` that have the words, in their order; looked at one by one."""
    rows = OrderWords.objects.filter(order__in=ids).annotate(
        has=Case(When(words=Wanted(wanted), then=True), default=False)
    )
    having = {pk for pk, has in rows.values_list("order", "has") if has}
    return [pk for pk in ids if pk in having]


def words_first(
    wanted: str, rows: QuerySet, *, column: str, goes_down: bool, look: int, most: int
) -> list[int]:
    """Of the first ``look`` of the orders ``rows`` the first ``most`` that have the words.

    ``rows`` stand in the order of ``column`` and then of their keys. PostgreSQL goes from one to the next
    and stops when it has enough, so that a word that many have costs little.
    """
    try:
        near, values = rows.values_list(column, "pk")[:look].query.sql_with_params()
    except EmptyResultSet:
        return []
    sign = "DESC" if goes_down else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT near.pk FROM ({near}) near (at, pk)"  # noqa: S608 - it is Django's own
            " JOIN desk_orderwords said ON said.order_id = near.pk WHERE said.words @@ %s::tsquery"
            f" ORDER BY near.at {sign}, near.pk {sign} LIMIT %s",
            [*values, wanted, most],
        )
        return [pk for (pk,) in cursor.fetchall()]


def words_ids(wanted: str, *, most: int) -> list[int] | None:
    """The orders that have the words, in no order; None where there are more than ``most``."""
    rows = (
        OrderWords.objects.filter(words=Wanted(wanted))
        .order_by()
        .values_list(F("order"), flat=True)
    )
    ids = list(rows[: most + 1])
    return None if len(ids) > most else ids


def _said(kind: str, word: str) -> str:
    is_beginning = len(word) >= BEGINS or not word.isascii()
    return f"{_quoted(kind, word)}{':*' if is_beginning else ''}"


def _quoted(kind: str, word: str) -> str:
    word = word[:100].replace("\\", "\\\\").replace("'", "''")
    return f"'{kind}{word}'"


def _digits(text: str) -> str:
    """Without the zeros that are dialled before a country or a town."""
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit()).lstrip("0")
