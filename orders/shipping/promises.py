"""The delivery promise that product pages show."""

from django.conf import settings

from catalog.delivery import DeliveryPromise
from orders.shipping.repository import HOME

HOME_COUNTRY = "DE"


def home_promise() -> DeliveryPromise:
    """The first method of the home zone, ordered now."""
    method = HOME[0]
    first_day, last_day = method.promise()
    return DeliveryPromise(
        country=HOME_COUNTRY,
        first_day=first_day,
        last_day=last_day,
        charge=method.charge,
        free_from=method.free_from,
        currency=settings.OSCAR_DEFAULT_CURRENCY,
    )
