from django.core.management.base import BaseCommand, CommandError

from shop.demo.loader import DemoRefused, demo_load


class Command(BaseCommand):
    help = "Load the demo shop, once. Refuses a database that holds real orders."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--size", choices=("small", "full"), default="small")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, size: str, seed: int, **options) -> None:
        try:
            loaded = demo_load(size=size, seed=seed)
        except DemoRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            "The demo shop is loaded." if loaded else "The demo shop is already here."
        )
