from django.apps import AppConfig


class GiftsConfig(AppConfig):
    name = "promotions.gifts"
    label = "gifts"

    def ready(self) -> None:
        from promotions.gifts import invariants  # noqa: F401  they register themselves
