from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "catalog.pricing"

    def ready(self) -> None:
        from catalog.pricing.services import prices_follow
        from catalog.refresh import refresher_register

        refresher_register("prices", prices_follow, order=10)
