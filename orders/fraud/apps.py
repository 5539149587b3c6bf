from django.apps import AppConfig


class FraudConfig(AppConfig):
    """Signs of fraud by rule: a score with reasons for each order, and a queue for those above the line."""

    name = "orders.fraud"
    label = "fraud"

    def ready(self) -> None:
        from orders.fraud import handlers, invariants  # noqa: F401  they register themselves
