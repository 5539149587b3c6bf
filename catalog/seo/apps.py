from django.apps import AppConfig


class SeoConfig(AppConfig):
    name = "catalog.seo"

    def ready(self) -> None:
        from catalog.seo import handlers  # noqa: F401  they register themselves
