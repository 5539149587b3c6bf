from functools import partial

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from payments import invariants  # noqa: F401  registers with `manage.py verify`
        from payments.services.passing import ExchangeTarget
        from payments.services.webhooks import webhooks_process
        from payments.targets import register
        from shop.core.tasks import works_before_relay

        register(ExchangeTarget())
        # A provider that is slow to answer must not hold up the mails; the clock goes on with the rest.
        works_before_relay(partial(webhooks_process, seconds=2))
