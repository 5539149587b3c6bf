from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from payments import invariants  # noqa: F401  registers with `manage.py verify`
        from payments.services.passing import ExchangeTarget
        from payments.targets import register

        register(ExchangeTarget())
