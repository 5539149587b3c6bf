import os

from django.core.management.base import BaseCommand

from catalog.pictures.selectors import pictures_all, pictures_undrawn, pictures_unknown
from catalog.pictures.services import pictures_draw, pictures_notice
from shop.core.progress import progress_bar


class Command(BaseCommand):
    help = "Draw the widths of the pictures that lack them; with --again of every picture."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="also those that are drawn already"
        )
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)

    def handle(self, *, again: bool, workers: int, **options) -> None:
        pictures_notice(pictures_unknown())
        names = pictures_all() if again else pictures_undrawn()
        with progress_bar(total=len(names), label="pictures") as done:
            count = pictures_draw(names=names, workers=max(1, workers), on_done=done)
        self.stdout.write(f"{count} of {len(names)} pictures drawn")
