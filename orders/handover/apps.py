from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "orders.handover"
    label = "handover"

    def ready(self) -> None:
        from orders.handover import handlers, invariants  # noqa: F401  they register themselves
