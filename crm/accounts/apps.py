from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "crm.accounts"
    label = "accounts"

    def ready(self) -> None:
        from crm.accounts.holes import register
        from crm.accounts.roles import roles_sync

        register()
        post_migrate.connect(roles_sync, sender=self)
