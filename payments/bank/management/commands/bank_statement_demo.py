import csv
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from payments.bank.selectors import candidates, settlements_unseen


class Command(BaseCommand):
    help = (
        "Write a bank statement (CSV) to try the import with: of up to five transfers that wait, one is"
        " paid as asked, one short, one too much, one without its number; one that nobody knows; payouts"
        " that no statement shows yet, a fee of the bank and the rent."
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
        for one in settlements_unseen()[:5]:
            words = f"{one.gateway} {one.payout}".upper()
            row = [today, one.net, one.currency, words, one.gateway.capitalize()]
            out.writerow([*row, f"demo-{today}-{one.payout}"])
        out.writerow([today, "-4.90", "EUR", "Account fee", "Our bank", f"demo-{today}-fee"])
        out.writerow([today, "-850.00", "EUR", "Rent", "Landlord", f"demo-{today}-rent"])
