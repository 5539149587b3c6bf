from oscar.apps.order import apps


class OrdersConfig(apps.OrderConfig):
    name = "orders"

    def ready(self) -> None:
        super().ready()
        from catalog.sales import sales_register
        from orders import handlers, invariants  # noqa: F401  they register themselves
        from orders.sales import OrderSales

        sales_register(OrderSales())
