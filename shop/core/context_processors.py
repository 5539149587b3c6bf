from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shop.core.tokens import token_of


def shop(request: HttpRequest) -> dict:
    """What every page may say about the shop itself."""
    return {
        "is_demo": settings.IS_DEMO,
        "public_url": settings.PUBLIC_URL,
        "service_worker": settings.SERVICE_WORKER,
        "shop_currency": settings.OSCAR_DEFAULT_CURRENCY,
        "csrf_token": SimpleLazyObject(lambda: token_of(request)),
    }
