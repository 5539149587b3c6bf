from typing import Any

from django.core.management.commands import migrate

from shop.core.migrating import neighbours_only


class Command(migrate.Command):
    """Django's own, in a quarter of the time."""

    def handle(self, *args: Any, **options: Any) -> None:
        with neighbours_only():
            super().handle(*args, **options)
