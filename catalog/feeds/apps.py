from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "catalog.feeds"

    def ready(self) -> None:
        from catalog.feeds import sections

        sections.register()
