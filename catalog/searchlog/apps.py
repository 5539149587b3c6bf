from django.apps import AppConfig


class SearchLogConfig(AppConfig):
    name = "catalog.searchlog"

    def ready(self) -> None:
        from catalog.searchlog import handlers  # noqa: F401  they register themselves
