from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class HomepageConfig(AppConfig):
    name = "catalog.homepage"

    def ready(self) -> None:
        from catalog.homepage import holes

        holes.register()
        post_migrate.connect(_begin, sender=self)


def _begin(**kwargs: Any) -> None:
    """A new shop has a home page. Not when this app is being taken away."""
    from catalog.homepage.models import Board
    from catalog.homepage.services import home_begin

    if Board._meta.db_table in connection.introspection.table_names():
        home_begin()
