from django.apps import AppConfig


class SetsConfig(AppConfig):
    name = "promotions.sets"
    label = "sets"

    def ready(self) -> None:
        from catalog.kinds.watch import set_watcher_register
        from promotions.sets.services import set_offer_keep

        set_watcher_register(set_offer_keep)
