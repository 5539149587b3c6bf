"""Reading a bank statement: CSV with the columns date, amount, currency, reference, payer, id."""

import csv
import datetime as dt
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from shop.core.money import rounded
from shop.core.tables import TableRefused

NEEDED = ("date", "amount", "currency")
MOST = Decimal(10_000_000)
ERRORS_SHOWN = 20


@dataclass(frozen=True)
class Read:
    """One line as it was read. Money that left the account has an amount below zero."""

    booked_on: dt.date
    amount: Decimal
    currency: str
    reference: str
    payer: str
    fingerprint: str


def statement_read(text: str) -> list[Read]:
    """All lines, or ``TableRefused`` with the number of each row that cannot be read."""
    text = text.replace("\0", "").strip()
    sign = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=sign)
    head = [name.strip().lower() for name in rows.fieldnames or []]
    missing = [name for name in NEEDED if name not in head]
    if missing:
        text = _("The first row has to name the columns; these are missing: %(names)s.")
        raise TableRefused([text % {"names": ", ".join(missing)}])
    rows.fieldnames = head
    seen: Counter[str] = Counter()
    found, errors = [], []
    try:
        for number, row in enumerate(rows, start=2):
            try:
                found.append(_line(row, seen))
            except ValueError as error:
                errors.append(_("Row %(number)s: %(error)s") % {"number": number, "error": error})
    except csv.Error as error:
        errors.append(str(error))
    if errors:
        raise TableRefused(errors[:ERRORS_SHOWN])
    if not found:
        raise TableRefused([_("There are no rows in it.")])
    twice = [key for key, count in Counter(one.fingerprint for one in found).items() if count > 1]
    if twice:
        raise TableRefused([_("Two rows have the same id: %(id)s.") % {"id": twice[0][:60]}])
    return found


def _line(row: dict, seen: Counter[str]) -> Read:
    said = {name: (row.get(name) or "").strip() for name in (*NEEDED, "reference", "payer", "id")}
    currency = said["currency"].upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValueError(_("“%(value)s” is no currency.") % {"value": said["currency"][:20]})
    amount = _amount(said["amount"], currency)
    booked_on = _day(said["date"])
    what = f"{booked_on}|{amount}|{currency}|{said['reference']}|{said['payer']}"
    seen[what] += 1  # two payments may say the same
    digest = hashlib.sha256(f"{what}|{seen[what]}".encode()).hexdigest()
    fingerprint = f"id:{said['id']}"[:100] if said["id"] else f"said:{digest}"
    reference, payer = said["reference"][:300], said["payer"][:200]
    return Read(booked_on, amount, currency, reference, payer, fingerprint)


def _amount(text: str, currency: str) -> Decimal:
    """``1234.56`` or ``1234,56``; signs of thousands are not read."""
    bare = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    try:
        amount = Decimal(bare)
        whole = rounded(amount, currency)
    except (InvalidOperation, ValueError, KeyError):
        whole, amount = Decimal(0), Decimal(1)
    if whole != amount or not 0 < abs(amount) < MOST or not bare.isascii():
        raise ValueError(_("“%(value)s” is no amount.") % {"value": text[:20]})
    return whole


def _day(text: str) -> dt.date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise ValueError(_("“%(value)s” is no date.") % {"value": text[:20]})
