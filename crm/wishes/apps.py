from django.apps import AppConfig


class WishesConfig(AppConfig):
    name = "crm.wishes"

    def ready(self) -> None:
        from crm.wishes import handlers  # noqa: F401  they register themselves
        from crm.wishes.holes import register

        register()
