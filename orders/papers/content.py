"""What an invoice says, as text that can be frozen. Call in the language of the order."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Kind
from catalog.taxes.models import TaxName
from orders.checkout.countries import address_lines
from orders.models import Line, Order
from orders.papers.models import Document
from orders.shipping.repository import method_name
from payments.gateways import gateway, is_stored
from shop.core.money import ZERO, from_minor, rounded, shown, to_minor
from shop.core.names import name_shown

LAYOUT = 1  # which template draws it; another one gets another number, old papers keep theirs


def amount(value: Decimal, currency: str) -> str:
    """``12.50``, and ``980`` in yen. Refuses fractions of the smallest unit."""
    return str(from_minor(to_minor(value, currency), currency))


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON: the same for the same words, however they were stored."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def invoice_content(
    order: Order, *, paid_at: dt.datetime | None, paid_by: Mapping[str, Decimal] | None = None
) -> dict[str, Any]:
    """All of an order. ``paid_by``: what came by each gateway, where there are several.

    Number and date of the paper come last, with its place in the series.
    """
    rows = [*_line_rows(order), *_extra_rows(order)]
    content = _content(order, rows, paid_at=paid_at, paid_by=paid_by)
    _prove(content, order)
    return content


def supplement_content(
    order: Order,
    *,
    lines: Collection[int],
    delivery: tuple[Decimal, Decimal] | None,
    paid_at: dt.datetime | None,
    total: Decimal,
) -> dict[str, Any]:
    """What was added: ``lines`` by their ids, and what ``delivery`` costs more (net, gross)."""
    shown = "excl" if _is_tax_added(order) else "incl"
    added = [line for line in order.lines.all() if line.pk in lines]
    rows = [_line_row(line, order.currency, shown) for line in added]
    if delivery is not None:
        rows.append(_delivery_row(order, *delivery))
    content = _content(order, rows, paid_at=paid_at, discounts=False)
    if Decimal(content["totals"]["gross"]) != total:
        raise ValueError(f"order {order.number}: {content['totals']} added, not {total}")
    return content


def _content(
    order: Order,
    rows: list[dict[str, Any]],
    *,
    paid_at: dt.datetime | None,
    paid_by: Mapping[str, Decimal] | None = None,
    discounts: bool = True,
) -> dict[str, Any]:
    currency = order.currency
    rates = rates_of(rows, currency)
    return {
        "layout": LAYOUT,
        "language": order.facts.language,
        "currency": currency,
        "order": {"number": order.number, "placed_on": day(order.date_placed)},
        "seller": {"shop": settings.OSCAR_SHOP_NAME, **settings.SELLER},
        **_people(order),
        "payment": {
            "method": _method(order, paid_by or {}),
            "paid_on": day(paid_at) if paid_at else "",
        },
        "tax": _tax(order),
        "rows": rows,
        "rates": rates,
        "discounts": [
            {
                "name": one.offer_name or one.voucher_code or _("Discount"),
                "amount": amount(one.amount, currency),
            }
            for one in order.discounts.all()
            if one.amount and discounts
        ],
        "totals": totals_of(rates, currency),
    }


def credit_content(
    invoice: Document, *, rows: list[dict[str, Any]], reason: str, went: str
) -> dict[str, Any]:
    """What is given back of an invoice: its people and words, other rows. ``went``: see `refund_way`."""
    kept = ("layout", "language", "currency", "order", "seller", "buyer", "email", "payment", "tax")
    rates = rates_of(rows, invoice.currency)
    return {
        **{name: invoice.content[name] for name in kept},
        "corrects": {"number": invoice.number, "issued_on": invoice.content["issued_on"]},
        "reason": reason,
        "went": went,
        "rows": rows,
        "rates": rates,
        "totals": totals_of(rates, invoice.currency),
    }


def row(
    *, title: str, code: str, net: Decimal, gross: Decimal, currency: str, **more: Any
) -> dict[str, Any]:
    return {
        "title": title,
        "rate": code or "",
        "net": amount(net, currency),
        "gross": amount(gross, currency),
        **more,
    }


def rates_of(rows: Iterable[dict[str, Any]], currency: str) -> list[dict[str, str]]:
    """Net, tax and gross by rate of tax, the largest gross first."""
    sums: dict[str, list[Decimal]] = {}
    for one in rows:
        net, gross = sums.setdefault(one["rate"], [ZERO, ZERO])
        sums[one["rate"]] = [net + Decimal(one["net"]), gross + Decimal(one["gross"])]
    return [
        {
            "rate": code,
            "net": amount(net, currency),
            "tax": amount(gross - net, currency),
            "gross": amount(gross, currency),
        }
        for code, (net, gross) in sorted(sums.items(), key=lambda pair: (-pair[1][1], pair[0]))
    ]


def totals_of(rates: Iterable[dict[str, str]], currency: str) -> dict[str, str]:
    rates = list(rates)
    return {
        name: amount(sum((Decimal(one[name]) for one in rates), ZERO), currency)
        for name in ("net", "tax", "gross")
    }


def day(moment: dt.datetime) -> str:
    """The local day, ISO."""
    return timezone.localtime(moment).date().isoformat()


def _prove(content: dict[str, Any], order: Order) -> None:
    """A paper whose sums are not the order's is never issued."""
    sums = content["totals"]
    if (Decimal(sums["gross"]), Decimal(sums["net"])) != (
        order.total_incl_tax,
        order.total_excl_tax,
    ):
        raise ValueError(f"order {order.number}: rows add up to {sums}, not to its total")


def _line_rows(order: Order) -> list[dict[str, Any]]:
    shown = "excl" if _is_tax_added(order) else "incl"
    return [_line_row(line, order.currency, shown) for line in order.lines.all()]


def _line_row(line: Line, currency: str, shown: str) -> dict[str, Any]:
    """``shown``: ``incl`` or ``excl``, as prices were shown to the buyer."""
    before = getattr(line, f"line_price_before_discounts_{shown}_tax")
    less = before - getattr(line, f"line_price_{shown}_tax")
    return row(
        title=line.product.get_title() if line.product else line.title,
        code=line.tax_code,
        net=line.line_price_excl_tax,
        gross=line.line_price_incl_tax,
        currency=currency,
        what="gift" if _is_gift(line) else "goods",
        sku=line.partner_sku or "",
        quantity=line.quantity,
        unit=amount(rounded(before / line.quantity, currency), currency),
        less=amount(less, currency) if less else "",
    )


def _is_gift(line: Line) -> bool:
    """A gift voucher is no sale yet: the shop owes what it is worth."""
    return line.product is not None and line.product.get_product_class().kind == Kind.VOUCHER


def _extra_rows(order: Order) -> list[dict[str, Any]]:
    """Delivery and surcharges."""
    rows = []
    if order.shipping_address_id or order.shipping_incl_tax:
        rows.append(_delivery_row(order, order.shipping_excl_tax, order.shipping_incl_tax))
    rows += [
        row(
            title=one.name,
            code=one.tax_code,
            net=one.excl_tax,
            gross=one.incl_tax,
            currency=order.currency,
            what="extra",
        )
        for one in order.surcharges.all()
    ]
    return rows


def _delivery_row(order: Order, net: Decimal, gross: Decimal) -> dict[str, Any]:
    method = method_name(order.shipping_code, default=order.shipping_method)
    return row(
        title=_("Delivery: %(method)s") % {"method": method},
        code=order.shipping_tax_code,
        net=net,
        gross=gross,
        currency=order.currency,
        what="delivery",
    )


def _people(order: Order) -> dict[str, Any]:
    """Whom it is for; where it went, if somewhere else."""
    delivered = address_lines(order.shipping_address) if order.shipping_address else []
    billed = address_lines(order.billing_address) if order.billing_address else delivered
    if not billed and order.user:
        billed = [name_shown(order.user.first_name, order.user.last_name)]
    return {
        "buyer": [one for one in billed if one] or [order.email],
        "email": order.email or "",
        "delivery": delivered if delivered != billed else [],
    }


def _method(order: Order, paid_by: Mapping[str, Decimal]) -> str:
    """How it was paid. Gift cards, credit and points are money here, and no discount."""
    code = order.facts.payment_method
    if not any(is_stored(one) for one in paid_by):
        return str(gateway(code).label) if code else ""
    parts = dict(paid_by)
    left = order.total_incl_tax - sum(parts.values(), ZERO)
    if code and left > ZERO:  # to be paid at the door
        parts[code] = parts.get(code, ZERO) + left
    language = get_language() or "en"
    return ", ".join(
        f"{gateway(one).label} {shown(part, order.currency, language)}"
        for one, part in parts.items()
    )


def _tax(order: Order) -> dict[str, Any]:
    sums = getattr(order, "sums", None)
    return {
        "name": sums.tax_name if sums is not None else TaxName.VAT.value,
        "is_added": _is_tax_added(order),
    }


def _is_tax_added(order: Order) -> bool:
    sums = getattr(order, "sums", None)
    return sums is not None and sums.is_tax_added
