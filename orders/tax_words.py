"""Tax in the sums of an order, by rate and in words."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.taxes.models import TaxName
from shop.core.money import ZERO

INCLUDED: dict[str, Promise | str] = {
    TaxName.VAT: _("of which VAT"),
    TaxName.SALES: _("of which sales tax"),
    TaxName.CONSUMPTION: _("of which consumption tax"),
    TaxName.GST: _("of which GST"),
}


def tax_parts(pairs: Iterable[tuple[str | None, Decimal]]) -> list[tuple[str, Decimal]]:
    """Tax by its code (``19%``), the most first; nothing for what bears none.

    What has no code, as in orders of earlier times, makes one part of all.
    """
    pairs = [(code or "", tax) for code, tax in pairs]
    if any(tax and not code for code, tax in pairs):
        pairs = [("", sum((tax for _code, tax in pairs), ZERO))]
    found: dict[str, Decimal] = {}
    for code, tax in pairs:
        found[code] = found.get(code, ZERO) + tax
    return sorted(((c, tax) for c, tax in found.items() if tax), key=lambda pair: -pair[1])


def tax_label(*, name: str, code: str, is_added: bool) -> str:
    """``of which VAT 19 %``, or ``Sales tax 8.875 %`` where it is added."""
    words = TaxName(name).label if is_added else INCLUDED[name]
    return f"{words} {code.replace('%', ' %')}".strip()


def order_taxes(order: Any, lines: Iterable[Any], *, is_added: bool) -> list[tuple[str, Decimal]]:
    """What an order with these lines bears, goods and delivery together: words and amount by rate."""
    sums = getattr(order, "sums", None)
    pairs = [(one.tax_code, one.line_price_incl_tax - one.line_price_excl_tax) for one in lines]
    pairs.append((order.shipping_tax_code, order.shipping_incl_tax - order.shipping_excl_tax))
    name = sums.tax_name if sums is not None else TaxName.VAT
    return [
        (tax_label(name=name, code=code, is_added=is_added), amount)
        for code, amount in tax_parts(pairs)
    ]
