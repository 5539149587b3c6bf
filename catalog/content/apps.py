from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "catalog.content"

    def ready(self) -> None:
        from catalog.content import found, handlers  # noqa: F401  handlers register themselves
        from catalog.content.news import content_listen
        from catalog.content.views import kept_pages_drop

        content_listen(kept_pages_drop)
        found.register()
