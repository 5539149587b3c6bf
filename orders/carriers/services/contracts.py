"""What a parcel should cost by contract, and the tables that say so."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.carriers.exceptions import RowsRefused
from orders.carriers.models import Contract, CostRate, Label

COLUMNS = ("service", "country", "weight_to", "cost")
MOST_ROWS = 5000
MOST_GRAMS = 1_000_000


def contract_of(carrier: str, day: Any = None) -> Contract | None:
    """That holds on the day; today if none is named."""
    day = day or timezone.localdate()
    held = Contract.objects.filter(carrier=carrier, valid_from__lte=day)
    held = held.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    return held.order_by("-valid_from").first()


def agreed_cost(label: Label, *, service: str) -> Decimal | None:
    """What its contract says that it costs; None where it says nothing."""
    contract = contract_of(label.carrier)
    if contract is None:
        return None
    address = label.order.shipping_address
    country = address.country_id if address else ""
    fits = Q(weight_to=None) | Q(weight_to__gte=label.weight_g)
    rows = contract.rates.filter(fits, service=service, country__in=[country, ""])
    row = rows.order_by("-country", F("weight_to").asc(nulls_last=True)).first()
    return row.cost if row else None


@transaction.atomic
def cost_rates_import(*, contract: Contract, text: str) -> int:
    """All rates of a contract from a CSV in the place of those before; how many.

    Raises ``RowsRefused`` naming every row that cannot be read; nothing is then changed.
    """
    rows = _rows(contract, text)
    contract.rates.all().delete()
    CostRate.objects.bulk_create(rows)
    return len(rows)


def _rows(contract: Contract, text: str) -> list[CostRate]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    head = tuple((name or "").strip().casefold() for name in reader.fieldnames or ())
    if not set(COLUMNS) <= set(head):
        raise RowsRefused(
            [_("The first row must name the columns %(names)s.") % {"names": ", ".join(COLUMNS)}]
        )
    reader.fieldnames = list(head)
    made: list[CostRate] = []
    errors: list[str] = []
    seen: set[tuple] = set()
    for number, row in enumerate(_read(reader, errors), start=2):
        if number > MOST_ROWS + 1:
            errors.append(_("More than %(most)d rows.") % {"most": MOST_ROWS})
            break
        made_row, error = _row(contract, row)
        key = (made_row.service, made_row.country, made_row.weight_to) if made_row else None
        if key is not None and key in seen:
            error = _("the same service, country and weight again")
        if error or made_row is None:
            errors.append(_("Row %(row)d: %(error)s") % {"row": number, "error": error})
            continue
        seen.add(key)
        made.append(made_row)
    if not made and not errors:
        errors.append(_("There are no rows in it."))
    if errors:
        raise RowsRefused(errors)
    return made


def _read(reader: Iterable[dict], errors: list[str]) -> Iterable[dict]:
    try:
        yield from reader
    except csv.Error:
        errors.append(_("This is not a CSV file."))


def _row(contract: Contract, row: dict[str, Any]) -> tuple[CostRate | None, str]:
    """The rate, or what is wrong with the row."""
    service, country, weight, cost = ((row.get(name) or "").strip() for name in COLUMNS)
    if not service or len(service) > 40 or not service.replace("-", "").replace("_", "").isalnum():
        return None, _("no service")
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        return None, _("“%(country)s” is no code of a country") % {"country": country[:20]}
    if weight and not (weight.isascii() and weight.isdigit() and 0 < int(weight[:9]) <= MOST_GRAMS):
        return None, _("“%(weight)s” is no weight in grams") % {"weight": weight[:20]}
    try:
        amount = Decimal(cost)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 100_000 or amount != round(amount, 2):
        return None, _("“%(cost)s” is no amount") % {"cost": cost[:20]}
    rate = CostRate(
        contract=contract,
        service=service.casefold(),
        country=country.upper(),
        weight_to=int(weight) if weight else None,
        cost=amount,
    )
    return rate, ""
