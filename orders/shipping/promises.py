"""The delivery promise that product pages show, for the home country or the one that was chosen."""

from oscar.apps.address.models import Country

from catalog.delivery import DeliveryPromise
from catalog.exchange.rates import exchange_of
from catalog.exchange.shopper import shopper_currency
from orders.shipping.methods import ZoneRate
from orders.shipping.repository import HOME_COUNTRY, methods_to
from shop.core.nearby import Nearby

SERVED_SECONDS = 300


def country_promises(country: str = "") -> tuple[DeliveryPromise, ...]:
    """Every method of the country's zone, ordered now. None where we do not send to."""
    if country and country != HOME_COUNTRY and country not in countries_served():
        return ()
    return tuple(_promise(method, country) for method in methods_to(country or HOME_COUNTRY))


def _promise(method: ZoneRate, country: str) -> DeliveryPromise:
    first_day, last_day = method.promise()
    exchange = exchange_of(shopper_currency())
    return DeliveryPromise(
        name=str(method.name),
        country=country or HOME_COUNTRY,
        first_day=first_day,
        last_day=last_day,
        charge=method.price(exchange),
        free_from=method.minimum(exchange),
        currency=exchange.currency,
        days=method.days,
    )


def countries_served() -> tuple[str, ...]:
    """The countries that the checkout takes, in its order. Kept for five minutes."""
    return _served.get()


def _served_read() -> tuple[str, ...]:
    rows = Country.objects.filter(is_shipping_country=True)
    return tuple(rows.order_by("-display_order", "printable_name").values_list("pk", flat=True))


_served = Nearby("shipping.countries", _served_read, seconds=SERVED_SECONDS, by_language=False)
