from typing import Any

from django.core.management.base import BaseCommand

from catalog.recommend.services import recommendations_rebuild


class Command(BaseCommand):
    help = "Compute what is bought together, similar, for you and popular now anew."

    def handle(self, *args: Any, **options: Any) -> None:
        run = recommendations_rebuild()
        self.stdout.write(f"{run.orders} orders, {run.families} families, {run.seconds:.1f} s")
        for one in run.shelves():
            self.stdout.write(f"  {one['shelf']}: {one['rows']} rows, {one['shown']} covered")
