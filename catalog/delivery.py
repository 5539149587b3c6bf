"""What the shop promises about delivery before an address is known.

The catalogue shows the promise and does not make it: `orders.shipping` registers who does.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from babel import Locale
from django.http import HttpRequest

COUNTRY_COOKIE = "country"
CODE_LENGTH = 2  # ISO 3166-1 alpha-2
NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})  # in CLDR all the same


@dataclass(frozen=True)
class DeliveryPromise:
    """One way of sending to a country. ``charge`` includes tax, free from ``free_from`` on.

    ``days``: working days on the way, the fewest and the most.
    """

    name: str
    country: str
    first_day: dt.date
    last_day: dt.date
    charge: Decimal
    free_from: Decimal | None
    currency: str
    days: tuple[int, int] | None = None


class Promiser(Protocol):
    """The ways to a country (ISO code; "" for home), the usual one first. Empty: not served."""

    def __call__(self, country: str = "") -> tuple[DeliveryPromise, ...]: ...


_promisers: list[Promiser] = []
_listers: list[Callable[[], tuple[str, ...]]] = []


def promiser_register(promiser: Promiser) -> None:
    """The last one that registers is asked."""
    _promisers.append(promiser)


def countries_register(lister: Callable[[], tuple[str, ...]]) -> None:
    """The last one that registers is asked."""
    _listers.append(lister)


def delivery_promised(country: str = "") -> DeliveryPromise | None:
    """The usual parcel, ordered now; None when nobody knows or we do not go there."""
    return next(iter(delivery_ways(country)), None)


def delivery_ways(country: str = "") -> tuple[DeliveryPromise, ...]:
    """Every way to the country, the usual one first; empty when we do not go there."""
    return _promisers[-1](country) if _promisers else ()


def countries_served() -> tuple[str, ...]:
    """ISO codes of the countries that we send to, the likely ones first."""
    return _listers[-1]() if _listers else ()


def country_chosen(request: HttpRequest) -> str:
    """The country that this reader chose; "" for no choice and for what is no code."""
    code = request.COOKIES.get(COUNTRY_COOKIE, "")
    return code if _is_code(code) else ""


def _is_code(text: str) -> bool:
    return len(text) == CODE_LENGTH and text.isascii() and text.isalpha() and text.isupper()


def country_name(code: str, language: str) -> str:
    """``Germany``, in Chinese 德国."""
    return _names(language).get(code, code)


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    locale = {"zh-hans": "zh_Hans_CN"}.get(language, language.replace("-", "_"))
    return dict(Locale.parse(locale).territories)


def countries_named(language: str) -> list[tuple[str, str]]:
    """Every country by code and name, in the order of the names."""
    names = _names(language)
    codes = (code for code in names if _is_code(code) and code not in NO_COUNTRY)
    return sorted(((code, names[code]) for code in codes), key=lambda pair: pair[1])
