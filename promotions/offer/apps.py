from oscar.apps.offer import apps


class OfferConfig(apps.OfferConfig):
    name = "promotions.offer"

    def ready(self) -> None:
        super().ready()
        from catalog.pricing.rules import rule_register
        from promotions import handlers  # noqa: F401  they register themselves
        from promotions.pricing import OfferRule

        rule_register(OfferRule())
