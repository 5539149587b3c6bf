from django.apps import AppConfig


class SearchLogConfig(AppConfig):
    name = "catalog.searchlog"

    def ready(self) -> None:
        from catalog.search.suggesting import past_queries_register
        from catalog.searchlog.selectors import queries_beginning

        past_queries_register(queries_beginning)
