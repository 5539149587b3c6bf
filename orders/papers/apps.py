from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "orders.papers"
    label = "papers"

    def ready(self) -> None:
        from orders.papers import handlers, invariants  # noqa: F401  they register themselves
