from django.apps import AppConfig


class SearchLogConfig(AppConfig):
    name = "catalog.searchlog"

    def ready(self) -> None:
        from catalog.search.suggesting import past_queries_register
        from catalog.searchlog.log import search_click_log, search_log
        from catalog.searchlog.selectors import queries_beginning
        from shop.core.pagecache import visits_register

        visits_register("search", search_log)
        visits_register("search-click", search_click_log)

        past_queries_register(queries_beginning)
