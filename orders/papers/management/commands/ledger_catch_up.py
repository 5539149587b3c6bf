from typing import Any

from django.core.management.base import BaseCommand

from orders.papers.booking import documents_catch_up, documents_unbooked
from payments.services.booking import payments_catch_up
from payments.wallets.services import entries_catch_up
from shop.core.progress import progress_bar


class Command(BaseCommand):
    help = "Book papers, payments, refunds and gift cards from before there was a ledger. Safe to repeat."

    def handle(self, **options: Any) -> None:
        with progress_bar(total=documents_unbooked().count(), label="ledger") as done:
            count = documents_catch_up(tell=done)
        count += payments_catch_up() + entries_catch_up()
        self.stdout.write(f"{count} transactions booked.")
