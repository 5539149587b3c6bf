"""What differs between what the shopper was shown and what is true now, in words; and the way out."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.basket.models import Basket, Line
from orders.locks import basket_lock
from orders.quotes import Quote
from shop.core.money import shown


@dataclass(frozen=True)
class Shortage:
    """A basket line of which fewer units can be had. ``left`` is 0 if none can, or it is not sold."""

    line: Line
    left: int


def snapshot(quote: Quote) -> dict[str, Any]:
    """What the page says, small enough for its form or a session."""
    return {
        "lines": {
            str(line.pk): [line.quantity, str(line.line_price_incl_tax_incl_discounts)]
            for line in quote.basket.all_lines()
        },
        "shipping": str(quote.shipping_charge.incl_tax),
        "total": str(quote.total.incl_tax),
        "currency": quote.total.currency,
        "to_pay": str(quote.to_pay),
    }


def differences(before: dict[str, Any], quote: Quote) -> list[str]:
    """Each difference as a sentence; empty if it cannot be told what it was."""
    if not before:
        return []
    currency, told = quote.total.currency, []
    if before.get("currency", currency) != currency:
        return [_("Prices are now in another currency, the one that you chose.")]
    for line in quote.basket.all_lines():
        old = before["lines"].get(str(line.pk))
        told += _line_changes(line, old, currency)
    gone = before["lines"].keys() - {str(line.pk) for line in quote.basket.all_lines()}
    if gone:
        told.append(_("Something was taken out of your basket."))
    if Decimal(before["shipping"]) != quote.shipping_charge.incl_tax:
        told.append(
            _("Delivery now costs %(now)s; it was %(before)s.")
            % _pair(quote.shipping_charge.incl_tax, before["shipping"], currency)
        )
    is_other_total = Decimal(before["total"]) != quote.total.incl_tax
    if told and is_other_total:
        told.append(
            _("The total is now %(now)s; it was %(before)s.")
            % _pair(quote.total.incl_tax, before["total"], currency)
        )
    left = Decimal(before.get("to_pay", quote.to_pay))
    if not is_other_total and left != quote.to_pay:
        told.append(
            _("After gift cards and credit %(now)s is left to pay; it was %(before)s.")
            % _pair(quote.to_pay, left, currency)
        )
    return told


def shortages(basket: Basket) -> list[Shortage]:
    """Every line that cannot be had as it stands, in the basket's order."""
    taken: Counter[int] = Counter()
    short = []
    for line in basket.all_lines():
        left = _left(line, taken)
        if left < line.quantity:
            short.append(Shortage(line=line, left=left))
        taken[line.stockrecord_id] += min(left, line.quantity)
    return short


@transaction.atomic
def basket_fit(basket: Basket) -> None:
    """Take every line down to what is there; take out what is not sold any more."""
    basket_lock(basket.pk)
    for short in shortages(basket):
        if short.left:
            short.line.quantity = short.left
            short.line.save(update_fields=["quantity"])
        else:
            short.line.delete()


def _left(line: Line, taken: Counter[int]) -> int:
    info, record = line.purchase_info, line.stockrecord
    if record is None or not info.price.exists or not line.product.is_public:
        return 0
    is_counted = line.product.get_product_class().track_stock
    if not is_counted or record.num_in_stock is None:
        return line.quantity
    return max(0, record.net_stock_level - taken[record.pk])


def _line_changes(line: Line, old: list | None, currency: str) -> list[str]:
    product = line.product.get_title()
    if old is None:
        return [_("“%(product)s” was added to your basket.") % {"product": product}]
    quantity, price = old
    if quantity != line.quantity:
        facts = {"product": product, "now": line.quantity, "before": quantity}
        return [_("“%(product)s”: now %(now)d, before %(before)d.") % facts]
    now = line.line_price_incl_tax_incl_discounts
    if now is not None and Decimal(price) != now:
        text = _("“%(product)s” now costs %(now)s; it was %(before)s.")
        return [text % {"product": product, **_pair(now, price, currency)}]
    return []


def _pair(now: Decimal, before: str | Decimal, currency: str) -> dict[str, str]:
    language = get_language() or "en"
    return {
        "now": shown(now, currency, language),
        "before": shown(Decimal(before), currency, language),
    }
