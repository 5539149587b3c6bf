from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "shop.core"
    label = "core"

    def ready(self) -> None:
        from shop.core.pagecache.follow import models_follow
        from shop.core.settled import settled_register
        from shop.core.threads import threads_keep
        from shop.core.visitor_holes import register
        from shop.core.words import words_register

        threads_keep()
        settled_register()
        words_register()
        register()
        models_follow(settings.PAGE_DROPS)
        post_migrate.connect(_name_the_site, sender=self)


def _name_the_site(**kwargs: object) -> None:
    """Oscar signs its mails with the site's name and address; both come from the settings."""
    from django.contrib.sites.models import Site

    Site.objects.update_or_create(
        pk=settings.SITE_ID,
        defaults={
            "domain": urlsplit(settings.PUBLIC_URL).netloc,
            "name": settings.OSCAR_SHOP_NAME,
        },
    )
