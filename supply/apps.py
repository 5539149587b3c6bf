from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "supply"

    def ready(self) -> None:
        from supply import invariants  # noqa: F401  registers with `manage.py verify`
