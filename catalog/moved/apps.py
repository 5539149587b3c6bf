from django.apps import AppConfig


class MovedConfig(AppConfig):
    name = "catalog.moved"

    def ready(self) -> None:
        from catalog.moved import handlers

        handlers.register()
