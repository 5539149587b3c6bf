"""Why a price is what it is, in the words of the page that says so."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext

from catalog.models import Kind, Product
from catalog.partner.models import StockRecord
from catalog.partner.strategy import ShopStrategy
from catalog.pricing.charts import HistoryChart, chart_made
from catalog.pricing.history import DAYS, Known, history_read, past_of
from catalog.pricing.prices import Outcome, PriceContext, PriceStep, ResolvedPrice
from catalog.pricing.resolver import price_resolve
from catalog.pricing.words import amount_shown, end_shown
from catalog.taxes.models import TaxName
from catalog.variants import attribute_values


@dataclass(frozen=True)
class StepShown:
    name: str
    why: str
    price: str


@dataclass(frozen=True)
class TierShown:
    quantity: int
    price: str


@dataclass(frozen=True)
class Explanation:
    """Everything in words; ``lowest_before`` only where the price is reduced."""

    record: StockRecord
    price: ResolvedPrice
    quantity: int
    name: str
    variant: str
    url: str
    now: str
    was: str
    total: str
    badge: str
    ends: str
    ends_at: dt.datetime | None
    applied: list[StepShown]
    refused: list[StepShown]
    tax: str
    tiers: list[TierShown]
    lowest_before: str
    lowest: str
    chart: HistoryChart | None
    days: int = DAYS


def record_explained(pk: int) -> StockRecord | None:
    """The record with its product and family, if shoppers may see it."""
    record = (
        StockRecord.objects.select_related(
            "product__product_class", "product__parent__product_class"
        )
        .filter(pk=pk, price__isnull=False, product__is_public=True)
        .first()
    )
    if record is None or (record.product.is_child and not record.product.parent.is_public):
        return None
    return record


def explanation_make(record: StockRecord, *, context: PriceContext) -> Explanation | None:
    """``context.explain`` must be set. None when the record has no price."""
    price = price_resolve(record, context=context)
    if price is None:
        return None
    moment = context.moment or timezone.now()
    product, family = record.product, record.product.parent or record.product
    history = history_read(record.pk, moment=moment)
    known = [Known(row.moment, row.base, row.now) for row in reversed(history)]
    past = past_of(known, moment=moment) if known else None
    steps = {outcome: [one for one in price.steps if one.outcome == outcome] for outcome in Outcome}
    return Explanation(
        record=record,
        price=price,
        quantity=context.quantity,
        name=family.title,
        variant=variant_shown(product),
        url=product_url(product),
        now=amount_shown(price.now, price.currency),
        was=amount_shown(price.was, price.currency) if price.was is not None else "",
        total=amount_shown(price.total or price.now, price.currency),
        badge=price.labels[0] if price.labels else "",
        ends=end_shown(price.ends_at, moment=moment) if price.ends_at else "",
        ends_at=price.ends_at,
        applied=_shown(steps[Outcome.APPLIED], price.currency),
        refused=_shown(steps[Outcome.REFUSED], price.currency),
        tax=tax_shown(product, price.now, price.currency),
        tiers=tiers_shown(price),
        lowest_before=lowest_before_shown(price),
        lowest=amount_shown(past.lowest, history[-1].currency) if past else "",
        chart=chart_made(history, begin=moment - dt.timedelta(days=DAYS), end=moment),
    )


def variant_shown(product: Product) -> str:
    """``Sage · Large``; empty for a product without variants."""
    if not product.is_child:
        return ""
    values = attribute_values([product]).get(product.pk, ())
    return " · ".join(value.value_as_text for value in values)


def product_url(product: Product) -> str:
    family = product.parent or product
    url = family.get_absolute_url()
    return f"{url}?variant={product.pk}" if product.is_child else url


def tax_shown(product: Product, gross: Decimal, currency: str) -> str:
    """The tax that is in the price, or comes on top of it."""
    if product.get_product_class().kind == Kind.SET:
        return gettext("VAT is included, for each part at its own rate.")
    strategy = ShopStrategy()
    rate, taxes = strategy.tax_rate(product), strategy.taxes
    if not taxes.is_known:
        return gettext("Plus sales tax, reckoned with your address.")
    if not rate:
        return gettext("No tax is in this price.")
    incl_tax, excl_tax = taxes.sums(gross, rate, currency)
    words = {
        "tax": amount_shown(incl_tax - excl_tax, currency),
        "name": TaxName(taxes.name).label,
        "rate": f"{(rate * 100).normalize():f}",
    }
    if taxes.is_added:
        return gettext("Plus %(tax)s %(name)s (%(rate)s %%).") % words
    return gettext("%(tax)s of it is %(name)s (%(rate)s %%).") % words


def tiers_shown(price: ResolvedPrice) -> list[TierShown]:
    return [
        TierShown(tier.quantity, amount_shown(tier.price, price.currency)) for tier in price.tiers
    ]


def lowest_before_shown(price: ResolvedPrice) -> str:
    if price.was is None or price.lowest_before is None:
        return ""
    amount = amount_shown(price.lowest_before, price.currency)
    return gettext("Lowest price in the 30 days before: %(amount)s") % {"amount": amount}


def _shown(steps: list[PriceStep], currency: str) -> list[StepShown]:
    """What a list would ask is a price of its own; a refused offer has none."""
    return [
        StepShown(
            name=one.name,
            why=one.why,
            price=amount_shown(one.price, currency)
            if one.outcome == Outcome.APPLIED or one.code.startswith("list:")
            else "",
        )
        for one in steps
    ]
