"""``{% currency_switch %}``: a button per currency; nothing where there is only one."""

from typing import Any

from babel.numbers import get_currency_name, get_currency_symbol
from django import template
from django.utils.translation import get_language

from catalog.exchange.rates import currencies_offered
from catalog.exchange.shopper import shopper_currency

register = template.Library()


@register.inclusion_tag("exchange/_switch.html", takes_context=True)
def currency_switch(context: template.Context) -> dict[str, Any]:
    """The choice, for the foot of the page; ``csrf_token`` and ``request`` go with it."""
    current = shopper_currency()
    request = context.get("request")  # none in a preview
    return {
        "choices": [
            {"code": code, "name": currency_name(code), "is_current": code == current}
            for code in currencies_offered()
        ],
        "next": request.get_full_path() if request is not None else "/",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("exchange/_mark.html")
def currency_mark() -> dict[str, Any]:
    """What prices are in, for the head of the page; leads to the choice."""
    current = shopper_currency()
    is_choice = len(currencies_offered()) > 1
    return {"code": current if is_choice else "", "name": currency_name(current)}


@register.filter
def currency_name(code: str) -> str:
    """``US Dollar``, in Chinese 美元 (CLDR)."""
    return get_currency_name(code, locale=_locale())


@register.filter
def currency_sign(code: str) -> str:
    return get_currency_symbol(code, locale=_locale())


def _locale() -> str:
    return "zh_Hans_CN" if (get_language() or "").startswith("zh") else "en"
