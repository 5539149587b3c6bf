from typing import Any

from django.core.management.base import BaseCommand

from orders.papers.selectors import orders_without_invoice
from orders.papers.services import papers_catch_up
from shop.core.progress import progress_bar


class Command(BaseCommand):
    help = "Issue the invoices and credit notes that are missing: for orders from before there were any."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--as-of-payment",
            action="store_true",
            help="date and number them as of the day of the money, not as of today",
        )

    def handle(self, *, as_of_payment: bool, **options: Any) -> None:
        with progress_bar(total=orders_without_invoice().count(), label="papers") as done:
            count = papers_catch_up(as_of_payment=as_of_payment, tell=done)
        self.stdout.write(f"{count} papers issued.")
