from django.apps import AppConfig


class ListingConfig(AppConfig):
    name = "catalog.listing"

    def ready(self) -> None:
        from catalog.listing import handlers, invariants  # noqa: F401  they register themselves
