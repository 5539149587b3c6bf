"""The gateways that this shop knows, from PAYMENT_GATEWAYS, and which of them it offers whom."""

import functools

from django.conf import settings
from django.utils.module_loading import import_string

from payments.gateways.base import Gateway


def gateways_all() -> tuple[Gateway, ...]:
    """Every gateway of the settings, ready or not, in their order."""
    return _loaded(tuple(settings.PAYMENT_GATEWAYS))


def gateway(code: str) -> Gateway:
    """The gateway with this code. Raises ``KeyError`` for one that does not exist."""
    return _by_code(tuple(settings.PAYMENT_GATEWAYS))[code]


def gateways_offered(*, currency: str, language: str = "") -> list[Gateway]:
    """In the order in which checkout shows them: those with their keys that take ``currency``.

    What readers of ``language`` pay with at home stands first, the rest as in the settings.
    """
    able = [one for one in gateways_all() if _is_choice(one) and _takes(one, currency)]
    at_home = [one for one in able if one.home_language and language.startswith(one.home_language)]
    return [*at_home, *(one for one in able if one not in at_home)]


def gateway_offered(code: str, *, currency: str) -> Gateway | None:
    """The gateway with this code, if it is among those that are offered; None for any other code."""
    one = _by_code(tuple(settings.PAYMENT_GATEWAYS)).get(code)
    return one if one and _is_choice(one) and _takes(one, currency) else None


def is_stored(code: str) -> bool:
    """Whether it is a kind of wallet."""
    return _is_wallet(gateway(code))


def codes_by_hand() -> list[str]:
    """Gateways without a provider that could send money back: a person of the team does it."""
    return [one.code for one in gateways_all() if getattr(one, "pays_back_by_hand", False)]


def _is_choice(one: Gateway) -> bool:
    """Wallets are offered by themselves, beside the way to pay."""
    return not _is_wallet(one) and one.is_ready


def _is_wallet(one: Gateway) -> bool:
    return bool(getattr(one, "is_stored", False))


def _takes(one: Gateway, currency: str) -> bool:
    return not one.currencies or currency in one.currencies


@functools.cache
def _loaded(paths: tuple[str, ...]) -> tuple[Gateway, ...]:
    loaded = tuple(import_string(path)() for path in paths)
    codes = [one.code for one in loaded]
    if len(set(codes)) < len(codes):
        raise ValueError(f"two gateways of PAYMENT_GATEWAYS share a code: {', '.join(codes)}")
    return loaded


@functools.cache
def _by_code(paths: tuple[str, ...]) -> dict[str, Gateway]:
    return {one.code: one for one in _loaded(paths)}


__all__ = [
    "Gateway",
    "codes_by_hand",
    "gateway",
    "gateway_offered",
    "gateways_all",
    "gateways_offered",
    "is_stored",
]
