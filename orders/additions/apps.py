from django.apps import AppConfig


class AdditionsConfig(AppConfig):
    """What is added to an order before it is packed, and a dearer delivery: paid apart, by a link."""

    name = "orders.additions"
    label = "additions"

    def ready(self) -> None:
        from orders.additions import invariants  # noqa: F401  they register themselves
