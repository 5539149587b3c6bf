from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "catalog.content"

    def ready(self) -> None:
        from catalog.content import handlers  # noqa: F401  they register themselves
        from catalog.content.news import content_listen
        from catalog.content.views import kept_pages_drop

        content_listen(kept_pages_drop)
