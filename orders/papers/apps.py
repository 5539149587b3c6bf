from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "orders.papers"
    label = "papers"

    def ready(self) -> None:
        from orders.papers import (  # noqa: F401  they register themselves
            handlers,
            invariants,
            ledger_invariants,
        )
