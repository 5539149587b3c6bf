from django.apps import AppConfig


class WishesConfig(AppConfig):
    name = "crm.wishes"

    def ready(self) -> None:
        from crm.wishes import handlers  # noqa: F401  they register themselves
