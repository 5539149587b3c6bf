from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "payments.ledger"
    label = "ledger"

    def ready(self) -> None:
        from payments.ledger import invariants  # noqa: F401  registers with `manage.py verify`
