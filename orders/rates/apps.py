from django.apps import AppConfig


class RatesConfig(AppConfig):
    name = "orders.rates"
    label = "rates"

    def ready(self) -> None:
        from orders.rates import handlers, invariants  # noqa: F401  hear of saved rows; `verify`
