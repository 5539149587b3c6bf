from oscar.apps.shipping import apps


class ShippingConfig(apps.ShippingConfig):
    name = "orders.shipping"

    def ready(self) -> None:
        super().ready()
        from catalog.delivery import countries_register, promiser_register
        from orders.shipping.promises import countries_served, country_promises

        promiser_register(country_promises)
        countries_register(countries_served)
