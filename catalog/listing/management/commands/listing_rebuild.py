"""Make the rows of all lists anew."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.listing.services import listing_rebuild


class Command(BaseCommand):
    help = (
        "Make what lists filter and count by anew, for every product. Safe while the shop is open."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{listing_rebuild()} products listed")
