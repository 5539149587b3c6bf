"""Money: decimals with a currency, rounded half up, once."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision, list_currencies

ZERO = Decimal(0)
MINUS = "\N{MINUS SIGN}"  # as wide as the figures; CLDR has a hyphen


@lru_cache(maxsize=64)
def exponent(currency: str) -> Decimal:
    """The smallest unit: 0.01 for EUR, 1 for JPY (ISO 4217, from CLDR)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """``amount`` in whole smallest units, half up. Refuses what is not a finite number."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount of money")
    return amount.quantize(exponent(currency), rounding=ROUND_HALF_UP)


def rounded_down(amount: Decimal, currency: str) -> Decimal:
    """``amount`` in whole smallest units, towards nothing; the signature that Oscar's offers want."""
    return amount.quantize(exponent(currency), rounding=ROUND_DOWN)


def reduction(value: Decimal, *, left: Decimal, currency: str) -> Decimal:
    """What an offer that takes ``value`` off really takes: whole units, never more than is left."""
    return min(rounded(value, currency), left)


def net_of(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    """What is left of a price that includes tax at ``rate`` (0.19 for 19 %)."""
    return rounded(gross / (1 + rate), currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """12.50 EUR → 1250, 980 JPY → 980. Refuses fractions of the smallest unit."""
    units = amount / exponent(currency)
    if units != units.to_integral_value():
        raise ValueError(f"{amount} {currency} has a fraction of the smallest unit")
    return int(units)


def from_minor(units: int, currency: str) -> Decimal:
    """1250 EUR → 12.50."""
    return (Decimal(units) * exponent(currency)).quantize(exponent(currency))


def shares(total: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Split ``total`` by ``weights`` so that the parts are whole smallest units and add up to it.

    Largest remainder: every part is within one smallest unit of its exact share.
    """
    units = to_minor(total, currency)
    whole = sum(weights)
    if not whole:
        raise ValueError("cannot share by weights that add up to nothing")
    exact = [Decimal(units) * weight / whole for weight in weights]
    parts = [int(share // 1) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: units - sum(parts)]:
        parts[i] += 1
    return [from_minor(part, currency) for part in parts]


@lru_cache(maxsize=20_000)  # Babel reads its pattern anew each time: a tenth of a page of cards
def shown(amount: Decimal, currency: str, language: str = "en") -> str:
    """For people: ``€1,204.50``, ``JP¥980`` in Chinese pages, ``−€4.90``, and so on (CLDR)."""
    locale = {"zh-hans": "zh_Hans_CN"}.get(language, language.replace("-", "_"))
    return format_currency(amount, currency, locale=locale).replace("-", MINUS)


def is_currency(code: str) -> bool:
    """Whether ``code`` is a currency of ISO 4217, as CLDR knows them."""
    return code in list_currencies()
