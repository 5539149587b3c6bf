from django.apps import AppConfig


class CarriersConfig(AppConfig):
    name = "orders.carriers"
    label = "carriers"

    def ready(self) -> None:
        from orders.carriers import handlers, invariants  # noqa: F401  they register themselves
