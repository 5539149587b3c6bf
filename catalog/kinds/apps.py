from django.apps import AppConfig


class KindsConfig(AppConfig):
    name = "catalog.kinds"

    def ready(self) -> None:
        from catalog.kinds.services import sets_follow
        from catalog.refresh import refresher_register

        refresher_register("sets", sets_follow, order=5)  # before the prices of lists
