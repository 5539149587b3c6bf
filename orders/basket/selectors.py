"""What the basket page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, gettext, ngettext
from oscar.core.prices import Price

from catalog.cards import pictures_of
from catalog.models import Product
from catalog.partner.models import StockRecord
from catalog.pictures.sources import PictureSources
from catalog.pricing.lists import has_list_prices
from catalog.taxes.models import TaxName
from catalog.variants import attribute_values
from orders.basket.estimate import Estimate, estimate_make
from orders.basket.models import Basket, Line
from orders.basket.tiers import Tier, tiers_of
from orders.checkout.calculators import OrderTotalCalculator
from orders.keeping.seen import changes_since, seen_of
from orders.shipping.methods import charge_shown
from shop.core.dates import day_shown
from shop.core.money import ZERO, rounded, shown
from shop.core.prepared import INTEGER, Prepared, related_known


@dataclass(frozen=True)
class LineFacts:
    """One line as the page shows it. ``problem``: why it cannot be ordered as it is.

    ``regular``: what one costs without the price list that counts here; ``more``: how many would
    cost less each; ``record_id``: whose price can be explained; ``changes``: what is different since
    the shopper last looked; ``can_wait``: whether it can be put aside.
    """

    line: Line
    name: str
    variant: str
    url: str
    picture: PictureSources | None
    unit: str
    total: str
    before: str
    most: int | None
    problem: str
    regular: str = ""
    more: str = ""
    record_id: int | None = None
    changes: tuple[str, ...] = ()
    can_wait: bool = True


@dataclass(frozen=True)
class BasketPage:
    """The whole page, ready for the reader."""

    lines: list[LineFacts]
    rows: list[dict[str, str]]
    vouchers: list[Any]
    tiers: list[Tier]
    estimate: Estimate
    arrival: str
    has_problem: bool

    @property
    def has_changes(self) -> bool:
        return any(line.changes for line in self.lines)


def basket_page(*, request: HttpRequest) -> BasketPage:
    """Seven queries more than the basket itself, whatever the number of lines."""
    basket = request.basket
    lines = _lines(basket)
    estimate, method = estimate_make(request=request)
    charge = method.calculate(basket)
    return BasketPage(
        lines=lines,
        rows=_rows(basket, charge, OrderTotalCalculator().calculate(basket, charge)),
        vouchers=list(basket.vouchers.all()) if basket.pk else [],
        tiers=tiers_of(basket, method),
        estimate=estimate,
        arrival=_arrival(method),
        has_problem=any(line.problem for line in lines),
    )


def _money(amount: Decimal | None, basket: Basket) -> str:
    return "" if amount is None else shown(amount, basket.currency, get_language() or "en")


def _lines(basket: Basket) -> list[LineFacts]:
    lines = list(basket.all_lines())
    products = {line.product.pk: line.product for line in lines}
    families = {
        product.parent.pk: product.parent for product in products.values() if product.is_child
    }
    everything = [*products.values(), *families.values()]
    pictures = pictures_of(everything)
    values = attribute_values([one for one in products.values() if one.is_child])
    seen = seen_of(lines)
    facts = []
    for line in lines:
        product, family = line.product, line.product.parent or line.product
        url = family.get_absolute_url()
        facts.append(
            LineFacts(
                line=line,
                name=family.title,
                variant=" · ".join(value.value_as_text for value in values.get(product.pk, ())),
                url=f"{url}?variant={product.pk}" if product.is_child else url,
                picture=next(iter(pictures[product.pk] or pictures[family.pk]), None),
                unit=_money(line.unit_effective_price, basket),
                total=_money(line.shown_price, basket),
                before=_money(line.shown_before, basket) if line.has_discount else "",
                most=_available(line),
                problem=_problem(line),
                regular=_regular(line),
                more=_more(line),
                record_id=line.stockrecord_id if line.purchase_info.price.exists else None,
                changes=tuple(changes_since(line, seen.get(line.pk))),
                can_wait=not line.attributes.all(),
            )
        )
    return facts


def _regular(line: Line) -> str:
    price = line.purchase_info.price
    if not price.exists:
        return ""
    own = rounded(line.basket.strategy.own_price(line.stockrecord), price.currency)
    return _money(own, line.basket) if own > price.shown else ""


def _more(line: Line) -> str:
    """``2 more and they are €8.40 each``: no query, the price lists were read with the lines."""
    price = line.purchase_info.price
    if not price.exists:
        return ""
    tier = line.basket.strategy.next_tier(line.stockrecord, line.quantity)
    available = _available(line)
    if tier is None or (available is not None and tier[0] > available):
        return ""
    missing = tier[0] - line.quantity
    return ngettext(
        "%(units)d more and they are %(amount)s each",
        "%(units)d more and they are %(amount)s each",
        missing,
    ) % {"units": missing, "amount": _money(tier[1], line.basket)}


def _available(line: Line) -> int | None:
    return getattr(line.purchase_info.availability, "num_available", None)


def _problem(line: Line) -> str:
    info = line.purchase_info
    if not info.price.exists or not line.product.is_public:
        return gettext("This is not for sale any more. Please remove it.")
    units = _available(line)
    if info.availability.is_purchase_permitted(line.quantity)[0]:
        return ""
    if not units or units < 0:
        return gettext("Sold out while it was in your basket. Please remove it.")
    return ngettext(
        "There is only %(units)d left. Please lower the quantity.",
        "There are only %(units)d left. Please lower the quantity.",
        units,
    ) % {"units": units}


def _rows(basket: Basket, charge: Price, total: Price) -> list[dict[str, str]]:
    """The summary: goods, each discount by its name, delivery, total with the tax in it."""
    shown = charge_shown(charge, basket)
    rows = [
        {
            "name": gettext("Goods"),
            "value": _money(basket.shown_before, basket),
        }
    ]
    rows += [
        {"name": name, "value": f"−{_money(amount, basket)}", "kind": "less"}
        for name, amount in _discounts(basket)
    ]
    if basket.is_shipping_required():
        rows.append(
            {
                "name": gettext("Delivery, estimated"),
                "value": _money(shown, basket) if shown else gettext("free"),
            }
        )
    rows.append(
        {
            "name": gettext("Total"),
            "value": _money(total.incl_tax, basket),
            "kind": "total",
            "note": _tax_note(total, basket),
        }
    )
    return rows


def _tax_note(total: Price, basket: Basket) -> str:
    taxes = basket.strategy.taxes
    if not taxes.is_known:
        return gettext("plus sales tax, reckoned with your address")
    facts = {"tax": TaxName(taxes.name).label, "amount": _money(total.tax, basket)}
    if taxes.is_added:
        return gettext("%(tax)s %(amount)s added") % facts
    return gettext("%(tax)s %(amount)s included") % facts


def _discounts(basket: Basket) -> list[tuple[str, Decimal]]:
    applied: Sequence[dict[str, Any]] = list(basket.offer_applications)
    return [
        (
            one["voucher"].code if one["voucher"] else str(one["name"]),
            one["discount"],
        )
        for one in applied
        if one["discount"] > ZERO
    ]


def _arrival(method: Any) -> str:
    day = method.promise()[1] if hasattr(method, "promise") else None
    language = get_language() or "en"
    return (
        gettext("Arrives by %(day)s if you order now.") % {"day": day_shown(day, language)}
        if day
        else ""
    )


def product_bought(*, family_id: int, child_id: int | None) -> tuple[Product, Product | None]:
    """The product of a page, and what a click on "add" there means: itself or its chosen public variant.

    Raises ``Product.DoesNotExist`` for a page that is not there. One query for what can be bought; its
    stock record and its family come with it.
    """
    if records := _records_of.read(product=child_id or family_id):
        bought = records[0].product
        family = bought.parent or bought
        is_there = bought.is_public and family.is_public and not bought.is_parent
        if is_there and family.pk == family_id and child_id in (None, bought.pk):
            related_known([bought], "stockrecords", records)
            return family, bought
    public = Product.objects.public().select_related("parent__product_class", "product_class")
    product = public.get(pk=family_id)
    return product, _chosen(product, child_id)


_records_of: Prepared[StockRecord] = Prepared(
    lambda product: (
        StockRecord.objects.filter(product=product)
        .select_related("product__product_class", "product__parent__product_class", "partner")
        .annotate(has_list_prices=has_list_prices("pk"))
        .order_by("pk")
    ),
    product=INTEGER,
)


def _chosen(product: Product, child_id: int | None) -> Product | None:
    if not product.is_parent:
        return product if child_id in (None, product.pk) and not product.is_child else None
    return (
        product.children.public()
        .select_related("parent__product_class")
        .filter(pk=child_id)
        .first()
    )
