from django.apps import AppConfig


class ShortlistConfig(AppConfig):
    name = "catalog.shortlist"

    def ready(self) -> None:
        from catalog.shortlist.holes import register

        register()
