"""In which currency the present request reckons: chosen, or that of the country of delivery."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.numbers import get_territory_currencies
from django.conf import settings
from django.http import HttpRequest

from catalog.delivery import country_chosen
from catalog.exchange.rates import currencies_offered

CURRENCY_COOKIE = "currency"
OFFICE = "/dashboard/"

_request: ContextVar[HttpRequest | None] = ContextVar("exchange_request", default=None)
_fixed: ContextVar[str] = ContextVar("exchange_fixed", default="")


@contextmanager
def request_reckons(request: HttpRequest) -> Iterator[None]:
    """Inside, prices are in the currency of this request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


@contextmanager
def reckoning_in(currency: str) -> Iterator[None]:
    """Inside, prices are in ``currency``, whoever asks."""
    token = _fixed.set(currency)
    try:
        yield
    finally:
        _fixed.reset(token)


def shopper_currency() -> str:
    """The reader's; the shop's own outside of requests and in the back office."""
    if fixed := _fixed.get():
        return fixed
    request = _request.get()
    return settings.OSCAR_DEFAULT_CURRENCY if request is None else currency_of(request)


def currency_of(request: HttpRequest) -> str:
    """Of the cookie, else of the country that the reader chose. Nothing else is guessed from."""
    own = settings.OSCAR_DEFAULT_CURRENCY
    wished = request.COOKIES.get(CURRENCY_COOKIE) or currency_of_country(country_chosen(request))
    if not wished or wished == own or OFFICE in request.path_info:
        return own
    return wished if wished in currencies_offered() else own


def currency_of_country(country: str) -> str:
    """``USD`` for US; empty for no country."""
    return next(iter(get_territory_currencies(country)), "") if country else ""


def request_now() -> HttpRequest | None:
    """The request whose page is being made; None outside of requests."""
    return _request.get()


def currency_market(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What kept pages differ by, as cookies of a visitor who sees the same. Nothing for most."""
    country = country_chosen(request)
    if CURRENCY_COOKIE not in request.COOKIES and not country:
        return ()
    own, currency = settings.OSCAR_DEFAULT_CURRENCY, currency_of(request)
    if currency == own and currency_of_country(country) in ("", own):
        return ()
    return ((CURRENCY_COOKIE, currency),)  # said too where the country alone would mean another
