from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "catalog.content"

    def ready(self) -> None:
        from catalog.content import handlers  # noqa: F401  they register themselves
