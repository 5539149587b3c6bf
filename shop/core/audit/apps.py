from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AuditConfig(AppConfig):
    """Who changed what, when and from where: rows that nobody can change, in a chain of hashes."""

    name = "shop.core.audit"
    label = "audit"

    def ready(self) -> None:
        from shop.core.audit import handlers, invariants  # noqa: F401  they register themselves
        from shop.core.audit.installing import after_migrating, before_migrating

        pre_migrate.connect(before_migrating, dispatch_uid="audit.off")
        post_migrate.connect(after_migrating, dispatch_uid="audit.on")
