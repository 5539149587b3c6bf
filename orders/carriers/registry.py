"""The carriers that this shop knows, from ``CARRIERS``, in their order."""

import functools
from urllib.parse import quote

from django.conf import settings
from django.utils.module_loading import import_string

from orders.carriers.base import Carrier


def carriers_all() -> tuple[Carrier, ...]:
    return _loaded(tuple(settings.CARRIERS))


def carrier_of(code: str) -> Carrier | None:
    return next((one for one in carriers_all() if one.code == code), None)


def is_service_of(carrier: str, service: str) -> bool:
    """Whether this carrier can be asked for that service."""
    one = carrier_of(carrier)
    return one is not None and service in one.services


def carriers_selling() -> list[Carrier]:
    """Those that sell labels and have their keys."""
    return [one for one in carriers_all() if one.sells_labels and one.is_ready]


def carrier_name(code: str) -> str:
    """What a carrier is called; what an operator typed once stays as it is."""
    one = carrier_of(code)
    return str(one.name) if one else code


def tracking_link(carrier: str, number: str) -> str:
    """The carrier's own page of a parcel; empty where it has none. ``carrier``: its code, or its name
    as an operator chose it."""
    said = carrier.casefold()
    one = next(
        (one for one in carriers_all() if said in (one.code, str(one.name).casefold())), None
    )
    if one is None or not one.tracking_page or not number:
        return ""
    return one.tracking_page.replace("{number}", quote(number, safe=""))


@functools.cache
def _loaded(paths: tuple[str, ...]) -> tuple[Carrier, ...]:
    loaded = tuple(import_string(path)() for path in paths)
    codes = [one.code for one in loaded]
    if len(set(codes)) < len(codes):
        raise ValueError(f"two of CARRIERS share a code: {', '.join(codes)}")
    return loaded
