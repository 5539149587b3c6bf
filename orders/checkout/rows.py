"""What a page of the checkout says of the basket: its lines and its sums."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.cards import pictures_of
from catalog.pictures.sources import picture_first
from orders.basket.models import Basket
from orders.discount_words import discount_words
from orders.quotes import Quote
from orders.shipping.methods import charge_shown
from orders.tax_words import tax_label
from shop.core.addresses import address_of


@dataclass(frozen=True)
class StepLink:
    """A step as `components/progress.html` shows it; without ``url`` nobody can go back to it."""

    name: str
    url: str = ""


def step_links(*, is_member: bool, is_sent: bool) -> tuple[StepLink, ...]:
    """The steps that are left in this checkout."""
    first = StepLink(_("Your details"), "" if is_member else address_of("checkout:index"))
    if is_member and is_sent:
        first = StepLink(_("Address"), address_of("checkout:shipping-address"))
    return first, StepLink(_("Payment"))


def basket_lines(basket: Basket) -> list[dict[str, Any]]:
    """What is being bought; pictures that did not come with the lines are read at once."""
    rows = list(basket.all_lines())
    known = {line.pk: picture_first(*(line.pictures or ())) for line in rows}
    without = [  # a variant may be shown by the picture of another one
        line.product
        for line in rows
        if line.pictures is None or (line.product.is_child and not known[line.pk])
    ]
    families = [product.parent for product in without if product.is_child]
    pictures = pictures_of([*without, *families]) if without else {}
    return [
        {
            "title": line.product.get_title(),
            "quantity": line.quantity,
            "amount": line.shown_price,
            "currency": basket.currency,
            "picture": known[line.pk]
            or next(
                iter(pictures.get(line.product_id) or pictures.get(line.product.parent_id) or ()),
                None,
            ),
        }
        for line in rows
    ]


def quote_rows(quote: Quote) -> list[dict[str, Any]]:
    """Rows of the summary; amounts are decimals, the template writes them."""
    basket, taxes = quote.basket, quote.taxes
    charge = charge_shown(quote.shipping_charge, basket)
    rows = [{"name": _("Goods"), "amount": basket.shown_before}]
    for discount in basket.offer_discounts + basket.voucher_discounts:
        voucher = discount.get("voucher")
        name = discount_words(discount["name"], voucher.code if voucher else "")
        rows.append({"name": name, "amount": -discount["discount"], "kind": "less"})
    if basket.is_shipping_required():
        delivery = {"name": _("Delivery"), "note": quote.shipping_method.name}
        rows.append(delivery | {"amount": charge, "is_free": not charge})
    tax = [
        {
            "name": tax_label(name=taxes.name, code=code, is_added=taxes.is_added),
            "amount": amount,
            "kind": "" if taxes.is_added else "faint",
        }
        for code, amount in quote.tax_parts()
    ]
    total = {"name": _("Total"), "amount": quote.total.incl_tax, "kind": "total"}
    rows = [*rows, *tax, total] if taxes.is_added else [*rows, total, *tax]
    if quote.tenders:
        rows += [{"name": one.name, "amount": -one.amount, "kind": "less"} for one in quote.tenders]
        rows.append({"name": _("Left to pay"), "amount": quote.to_pay, "kind": "total"})
    return rows
