from django.apps import AppConfig


class WalletsConfig(AppConfig):
    name = "payments.wallets"
    label = "wallets"

    def ready(self) -> None:
        from payments.wallets import invariants  # noqa: F401  they register themselves
