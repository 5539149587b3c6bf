from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "catalog.search"
    label = "finding"  # Oscar has an app called search

    def ready(self) -> None:
        from catalog.search import handlers, invariants  # noqa: F401  they register themselves
