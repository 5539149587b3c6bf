from django.core.management.base import BaseCommand

from catalog.taxes.services import taxes_load


class Command(BaseCommand):
    help = "Write the tax rates that came with the shop, for countries that have none yet."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{taxes_load()} rates written")
