from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """What comes back: asked for, decided, received, looked at, and paid back."""

    name = "orders.returns"
    label = "returns"

    def ready(self) -> None:
        from orders.returns import handlers, invariants  # noqa: F401  they register themselves
