from oscar.apps.order import apps


class OrdersConfig(apps.OrderConfig):
    name = "orders"

    def ready(self) -> None:
        super().ready()
        from orders import handlers, invariants  # noqa: F401  they register themselves
