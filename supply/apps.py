from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SupplyConfig(AppConfig):
    name = "supply"

    def ready(self) -> None:
        from catalog.arrivals import announcer_register
        from supply import invariants  # noqa: F401  registers with `manage.py verify`
        from supply.first_day import countries_and_warehouse_make
        from supply.selectors import arrivals_expected

        announcer_register(arrivals_expected)
        post_migrate.connect(countries_and_warehouse_make, sender=self)
