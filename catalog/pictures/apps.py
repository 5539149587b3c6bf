from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PicturesConfig(AppConfig):
    name = "catalog.pictures"
    label = "pictures"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        from catalog.pictures import handlers

        handlers.connect()
