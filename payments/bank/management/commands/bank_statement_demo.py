import csv
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from payments.bank.selectors import candidates


class Command(BaseCommand):
    help = (
        "Write a bank statement (CSV) to try the import with: of up to five transfers that wait, one is"
        " paid as asked, one short, one too much, one without its number; and one that nobody knows."
    )

    def handle(self, **options: object) -> None:
        out = csv.writer(sys.stdout)
        out.writerow(["date", "amount", "currency", "reference", "payer", "id"])
        today = timezone.localdate().isoformat()
        waiting = [one for one in candidates(with_given_up=False) if one.missing > 2]
        changes = [(0, ""), (-1, ""), (5, ""), (0, "no number"), (0, "")]
        for number, (one, (more, words)) in enumerate(zip(waiting, changes, strict=False)):
            intent = one.intent
            reference = words or f"Order {intent.order_number.lower()}"
            row = [today, one.missing + more, intent.currency, reference, intent.email]
            out.writerow([*row, f"demo-{today}-{number}"])
        out.writerow([today, "12.34", "EUR", "Thank you", "Somebody", f"demo-{today}-x"])
