from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "payments.bank"
    label = "bank"

    def ready(self) -> None:
        from payments.bank import invariants  # noqa: F401  they register themselves
        from payments.bank.uses import settlement_arrived
        from payments.ledger.arrivals import register

        register(settlement_arrived)
