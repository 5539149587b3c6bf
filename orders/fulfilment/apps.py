from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "orders.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        from orders.fulfilment import handlers, invariants  # noqa: F401  each registers itself
