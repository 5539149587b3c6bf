from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    name = "catalog.opinions"

    def ready(self) -> None:
        from catalog.opinions import handlers, invariants  # noqa: F401  they register themselves
        from catalog.opinions.holes import register

        register()
