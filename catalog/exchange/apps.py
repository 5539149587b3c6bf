from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "catalog.exchange"

    def ready(self) -> None:
        from catalog.exchange import handlers  # noqa: F401  hears of sign-ins and of saved rows
