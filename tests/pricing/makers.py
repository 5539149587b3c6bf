"""Rows for tests of prices."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser

from catalog.partner.strategy import ShopStrategy
from catalog.pricing.models import PriceList, PriceListEntry
from orders.basket.models import Basket
from promotions.offer.applicator import Applicator
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range


def record_of(product: Any) -> Any:
    """The stock record as the resolver wants it."""
    return product.stockrecords.select_related(
        "product__product_class", "product__parent__product_class"
    ).get()


def list_price(product: Any, price: str, *, quantity: int = 1, **fields: Any) -> PriceListEntry:
    """An entry of the list named by ``code``, which is made when it is not there."""
    code = fields.pop("code", "list")
    price_list, _ = PriceList.objects.get_or_create(code=code, defaults={"name": code, **fields})
    return PriceListEntry.objects.create(
        price_list=price_list,
        stock_record=product.stockrecords.get(),
        min_quantity=quantity,
        price=Decimal(price),
    )


def everything() -> Range:
    return Range.objects.get_or_create(name="Everything", defaults={"includes_all_products": True})[
        0
    ]


def site_offer(
    *,
    name: str = "Sale",
    kind: str = Benefit.PERCENTAGE,
    value: str | None = "15",
    condition: tuple[str, str] = (Condition.COUNT, "1"),
    range_: Range | None = None,
    **fields: Any,
) -> ConditionalOffer:
    about = range_ or everything()
    no_range = kind in (Benefit.FIXED_PRICE, Benefit.SHIPPING_ABSOLUTE)
    return ConditionalOffer.objects.create(
        name=name,
        offer_type=fields.pop("offer_type", ConditionalOffer.SITE),
        condition=Condition.objects.create(
            range=about, type=condition[0], value=Decimal(condition[1])
        ),
        benefit=Benefit.objects.create(
            range=None if no_range else about, type=kind, value=value and Decimal(value)
        ),
        **fields,
    )


def basket_line(product: Any, *, quantity: int = 1, user: Any = None) -> Any:
    """The line of a basket that holds only that, offers applied."""
    if user:
        Basket.open.filter(owner=user).delete()
    basket = Basket.objects.create(owner=user)
    basket.strategy = ShopStrategy(user=user)
    basket.add_product(product, quantity)
    basket.reset_offer_applications()
    Applicator().apply(basket, user or AnonymousUser())
    return basket.all_lines()[0]
