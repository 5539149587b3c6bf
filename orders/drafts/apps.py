from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Orders that the team takes for a customer: kept, resumed, sent as a payment link, placed."""

    name = "orders.drafts"
    label = "drafts"

    def ready(self) -> None:
        from orders.drafts import invariants  # noqa: F401  they register themselves
