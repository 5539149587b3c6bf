from oscar.apps.shipping import apps


class ShippingConfig(apps.ShippingConfig):
    name = "orders.shipping"

    def ready(self) -> None:
        super().ready()
        from catalog.delivery import promiser_register
        from orders.shipping.promises import home_promise

        promiser_register(home_promise)
