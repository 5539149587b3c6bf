from django.apps import AppConfig


class SearchLogConfig(AppConfig):
    name = "catalog.searchlog"
