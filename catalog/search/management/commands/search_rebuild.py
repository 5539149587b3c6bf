from django.core.management.base import BaseCommand

from catalog.search.services import documents_rebuild, families_browsable
from shop.core.progress import progress_bar


class Command(BaseCommand):
    help = "Write every search document and count every word anew. The shop may stay open."

    def handle(self, **options: object) -> None:
        with progress_bar(label="search documents", total=families_browsable()) as done:
            families = documents_rebuild(done=done)
        self.stdout.write(f"{families} products can be found.")
