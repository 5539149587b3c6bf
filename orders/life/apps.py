from django.apps import AppConfig


class LifeConfig(AppConfig):
    name = "orders.life"
    label = "life"

    def ready(self) -> None:
        from orders.life import handlers  # noqa: F401  they register themselves
