"""Amounts in the smallest unit of a currency, and how people read them."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency

# https://docs.stripe.com/currencies#zero-decimal and #three-decimal
ZERO_DECIMAL = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga"}
    | {"pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


def digits(currency: str) -> int:
    """How many decimals Stripe counts in ``currency``."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


@lru_cache(maxsize=1000)
def shown(amount: int, currency: str, language: str = "en") -> str:
    """``shown(1250, "eur")`` is ``€12.50``; ``shown(1250, "jpy")`` is ``JP¥1,250``."""
    places = digits(currency)
    pattern = "¤#,##0" + ("." + "0" * places if places else "")
    major = Decimal(amount).scaleb(-places)
    return format_currency(
        major, currency.upper(), pattern, locale=LOCALES[language], currency_digits=False
    )
