from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "catalog.search"
    label = "finding"  # Oscar has an app called search
