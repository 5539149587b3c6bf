"""``{% currencies_shown %}``: what a shopper may choose, and names and signs of currencies."""

from dataclasses import dataclass
from functools import lru_cache

from babel.numbers import get_currency_name, get_currency_symbol
from django import template
from django.utils.translation import get_language

from catalog.exchange.rates import currencies_offered
from catalog.exchange.shopper import shopper_currency

register = template.Library()


@dataclass(frozen=True)
class CurrencyChoice:
    """As `exchange/_switch.html` shows it."""

    code: str
    name: str
    is_current: bool


@register.simple_tag
def currencies_shown() -> tuple[CurrencyChoice, ...]:
    """What prices can be shown in, for the foot of the page."""
    current, locale = shopper_currency(), _locale()
    return tuple(
        CurrencyChoice(code, _name(code, locale), code == current) for code in currencies_offered()
    )


@register.simple_tag
def currency_shown() -> CurrencyChoice | None:
    """What they are shown in, for the head of the page; None where there is no choice."""
    if len(currencies_offered()) < 2:
        return None
    return CurrencyChoice(shopper_currency(), currency_name(shopper_currency()), True)


@register.filter
def currency_name(code: str) -> str:
    """``US Dollar``, in Chinese 美元 (CLDR)."""
    return _name(code, _locale())


@lru_cache
def _name(code: str, locale: str) -> str:
    return get_currency_name(code, locale=locale)


@register.filter
def currency_sign(code: str) -> str:
    return get_currency_symbol(code, locale=_locale())


def _locale() -> str:
    return "zh_Hans_CN" if (get_language() or "").startswith("zh") else "en"
