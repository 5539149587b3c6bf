from django.apps import AppConfig


class RefundsConfig(AppConfig):
    name = "orders.refunds"
    label = "refunding"

    def ready(self) -> None:
        from orders.refunds import invariants  # noqa: F401  they register themselves
        from orders.refunds.credit import StoreCredit
        from payments import targets

        targets.register(StoreCredit())
