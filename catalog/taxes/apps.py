from django.apps import AppConfig


class TaxesConfig(AppConfig):
    name = "catalog.taxes"

    def ready(self) -> None:
        from catalog.taxes import handlers  # noqa: F401  hears of saved rows
