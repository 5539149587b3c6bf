import datetime as dt
import sys
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments.ledger.exceptions import SettlementRefused
from payments.ledger.readers import READERS
from payments.ledger.readers.house import HouseReader
from payments.localprovider.control import Control

CODES = [one.gateway for one in READERS if one.gateway]


class Command(BaseCommand):
    help = (
        "Write the report that a provider would send of a day, from what the provider in the box charged"
        " and sent back, to try the import with. In the provider's own format, or in the house's (--house)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("gateway", choices=CODES)
        parser.add_argument(
            "--day", help="such as 2026-11-28; the newest with a charge if left out"
        )
        parser.add_argument("--house", action="store_true", help="in the house's own format")
        parser.add_argument("--gbk", action="store_true", help="as Alipay encodes its bills")

    def handle(self, *, gateway: str, day: str | None, **options: Any) -> None:
        if not settings.STRIPE_API_BASE:
            raise CommandError("There is no provider in the box: STRIPE_API_BASE is not set.")
        try:
            with Control(settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY) as control:
                text = control.settlement("" if gateway == "stripe" else gateway)
            rows = HouseReader().read(text)
        except httpx.HTTPError as error:
            raise CommandError(f"The provider does not answer: {error}") from error
        except SettlementRefused as refusal:
            raise CommandError(f"Nothing was charged by {gateway} yet. {refusal}") from refusal
        try:
            asked = dt.date.fromisoformat(day) if day else max(one.paid_on for one in rows)
        except ValueError as error:
            raise CommandError(f"“{day}” is no day such as 2026-11-28.") from error
        rows = [one for one in rows if one.paid_on == asked]
        if not rows:
            raise CommandError(f"Nothing was charged by {gateway} on {asked}.")
        writer = (
            HouseReader() if options["house"] else next(r for r in READERS if r.gateway == gateway)
        )
        text = writer.write(rows)
        if options["gbk"]:
            sys.stdout.buffer.write(text.encode("gb18030"))
        else:
            self.stdout.write(text, ending="")
