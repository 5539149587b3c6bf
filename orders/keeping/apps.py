from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """What outlives one visit: a basket that waits, things put aside, a basket that is shared."""

    name = "orders.keeping"
    label = "keeping"

    def ready(self) -> None:
        from orders.keeping import handlers  # noqa: F401  they register themselves
