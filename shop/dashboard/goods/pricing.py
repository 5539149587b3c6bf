"""Prices of families at the desk: what they would become, and writing exactly that."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.partner.models import StockRecord
from catalog.refresh import families_touched, refreshing
from shop.core.money import rounded, shown
from shop.dashboard.goods.exceptions import RowRefused

MOST = Decimal(10) ** 9  # no price is higher


@dataclass(frozen=True)
class OwnPrice:
    """The price of one stock record, tax included."""

    record_id: int
    currency: str
    price: Decimal


@dataclass(frozen=True)
class Change:
    record_id: int
    currency: str
    before: Decimal
    after: Decimal


def prices_of(family_ids: Iterable[int]) -> dict[int, list[OwnPrice]]:
    """By family, the prices of it and of its variants, those without a price left out. One query."""
    ids = list(family_ids)
    found: dict[int, list[OwnPrice]] = defaultdict(list)
    rows = (
        StockRecord.objects.filter(Q(product__in=ids) | Q(product__parent__in=ids))
        .filter(price__isnull=False)
        .annotate(family=Coalesce(F("product__parent_id"), F("product_id")))
        .order_by("pk")
        .values_list("family", "pk", "price_currency", "price")
    )
    for family, *price in rows:
        found[family].append(OwnPrice(*price))
    return found


def changes(prices: Sequence[OwnPrice], *, by: Decimal, is_percent: bool) -> list[Change]:
    """``by`` percent or money on top of each; negative takes away. Rounded to the coin.

    Raises ``RowRefused`` without a price, and when one would fall below nothing.
    """
    if not prices:
        raise RowRefused(_("It has no price yet."))
    found = []
    for one in prices:
        after = one.price * (1 + by / 100) if is_percent else one.price + by
        after = rounded(after, one.currency)
        if not 0 <= after < MOST:
            raise RowRefused(_("A price would fall below nothing or be far too high."))
        found.append(Change(one.record_id, one.currency, one.price, after))
    return found


def span(found: Sequence[Change], side: str) -> str:
    """``€10.00`` or ``€10.00 – €12.00``."""
    amounts = sorted(getattr(one, side) for one in found)
    words = [shown(one, found[0].currency, get_language() or "en") for one in amounts]
    return words[0] if words[0] == words[-1] else f"{words[0]} – {words[-1]}"


def as_data(found: Sequence[Change]) -> dict[str, list[str]]:
    """For a job's row: by stock record, what is there and what shall be."""
    return {str(one.record_id): [str(one.before), str(one.after)] for one in found}


def prices_set(family_id: int, wanted: dict[str, list[str]]) -> None:
    """Write the prices that were foretold, one update per record; who changed them the caller says.

    Raises ``RowRefused`` when a price is no longer what it was then; nothing of it holds in that case.
    """
    with refreshing():
        for pk, (before, after) in sorted(wanted.items(), key=lambda item: int(item[0])):
            rows = StockRecord.objects.filter(pk=pk, price=Decimal(before))
            if not rows.update(price=Decimal(after), date_updated=timezone.now()):
                raise RowRefused(_("The price was changed by somebody else meanwhile."))
        families_touched([family_id])
