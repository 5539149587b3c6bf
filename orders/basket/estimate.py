"""What delivery would cost before an address is known: to the country that the reader chose."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from catalog.delivery import countries_served, country_chosen, country_name
from orders.models import ShippingAddress
from orders.shipping.methods import charge_shown
from orders.shipping.promises import HOME_COUNTRY
from orders.shipping.repository import Repository
from shop.core.dates import day_shown
from shop.core.money import shown


@dataclass(frozen=True)
class Way:
    """One way of sending this basket there, in words."""

    name: str
    cost: str
    day: str


@dataclass(frozen=True)
class Estimate:
    """``is_chosen``: by the reader. ``countries``: code and name of each that we send to. ``ways`` is empty if nothing is sent."""

    country: str
    country_name: str
    is_chosen: bool
    countries: list[tuple[str, str]]
    ways: list[Way]


def estimate_make(*, request: HttpRequest) -> tuple[Estimate, Any]:
    """The ways to the chosen country, and the method that the sum is made with: the usual one."""
    basket, language = request.basket, get_language() or "en"
    served = countries_served()
    chosen = country_chosen(request)
    country = chosen if chosen in served else HOME_COUNTRY
    methods = Repository().get_shipping_methods(
        basket=basket,
        user=request.user,
        request=request,
        shipping_addr=ShippingAddress(country_id=country),
    )
    names = [(code, country_name(code, language)) for code in served]
    estimate = Estimate(
        country=country,
        country_name=country_name(country, language),
        is_chosen=country == chosen,
        countries=names,
        ways=[_way(method, basket, language) for method in methods]
        if basket.is_shipping_required()
        else [],
    )
    return estimate, methods[0]


def _way(method: Any, basket: Any, language: str) -> Way:
    charge = charge_shown(method.calculate(basket), basket)
    day = method.promise()[1]
    return Way(
        name=str(method.name),
        cost=shown(charge, basket.currency, language) if charge else gettext("free"),
        day=gettext("by %(day)s") % {"day": day_shown(day, language)} if day else "",
    )
