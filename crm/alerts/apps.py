from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "crm.alerts"
    label = "alerts"

    def ready(self) -> None:
        from crm.alerts import handlers  # noqa: F401  they register themselves
        from crm.alerts.holes import register

        register()
