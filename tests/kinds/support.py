"""Makers of products that are no plain goods, and short ways to buy them."""

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.kinds.consequences import kind_consequences
from catalog.kinds.models import ProductFile, ProductSet
from catalog.kinds.selectors import set_view
from catalog.kinds.services import file_add, part_save, set_save
from catalog.models import Kind, Product, ProductClass
from catalog.partner.strategy import Selector
from orders.basket.kinds import set_add
from orders.basket.models import Basket
from orders.models import Order
from orders.quotes import quote_make
from orders.services import Checkout, order_place
from payments.services import intent_capture, intent_open
from shop.core.outbox import relay
from tests import sales
from tests.factories import CountryFactory, ProductFactory
from tests.sales import ADDRESS, intent_of


def class_of(kind: Kind) -> ProductClass:
    made, _is_new = ProductClass.objects.get_or_create(
        slug=f"{kind}s", defaults={"name": kind, "kind": kind, **kind_consequences(kind)}
    )
    return made


def product_of(kind: Kind, *, price: str | None = "10.00", **fields: Any) -> Product:
    return ProductFactory(product_class=class_of(kind), price=price, stock=0, **fields)


def download(*, downloads: int = 5, content: bytes = b"%PDF-1.4 tiny") -> ProductFile:
    """A download with one file."""
    upload = SimpleUploadedFile("../a “chart”.pdf", content)
    product = product_of(Kind.DOWNLOAD, price="6.00")
    return file_add(product=product, upload=upload, downloads=downloads, days=30)


def set_of(
    parts: dict[Product, int],
    *,
    price: str | None = None,
    percent: str | None = None,
    pick: int | None = None,
    title: str = "Tea for two",
) -> ProductSet:
    made = set_save(
        product=product_of(Kind.SET, price=None, title=title, title_en=title),
        price=Decimal(price) if price else None,
        percent=Decimal(percent) if percent else None,
        pick=pick,
    )
    for product, quantity in parts.items():
        part_save(product_set=made, product=product, quantity=quantity)
    return made


def set_in_basket(
    product_set: ProductSet, *, basket: Basket | None = None, quantity: int = 1, **chosen: int
) -> Basket:
    CountryFactory()
    basket = basket or Basket.objects.create()
    basket.strategy = Selector().strategy()
    view = set_view(product_set.product)
    picked = {int(name.removeprefix("p")): count for name, count in chosen.items()}
    set_add(basket=basket, view=view, chosen=picked, quantity=quantity)
    found = Basket.objects.get(pk=basket.pk)
    found.strategy = Selector().strategy()
    return found


def quoted(basket: Basket, *, is_sent: bool = True, payment: str = "transfer") -> Any:
    return quote_make(
        basket=Basket.objects.get(pk=basket.pk),
        shipping_fields=ADDRESS if is_sent else None,
        shipping_code="standard" if is_sent else "no-shipping-required",
        payment_method=payment,
    )


def placed(basket: Basket, *, is_sent: bool = True, payment: str = "transfer") -> Order:
    """An order of the basket that waits for its transfer."""
    CountryFactory()
    quote = quoted(basket, is_sent=is_sent, payment=payment)
    order = order_place(
        checkout=Checkout(
            basket_id=basket.pk,
            email="mei@example.com",
            language=sales.LANGUAGE,
            shipping_code=quote.shipping_method.code,
            payment_method=payment if quote.total.incl_tax else "",
            shown=quote.fingerprint(),
            shipping_fields=ADDRESS if is_sent else {},
        )
    )
    if quote.total.incl_tax:
        intent_open(intent=intent_of(order))
    return order


def paid(order: Order) -> Order:
    intent_capture(intent=intent_of(order))
    relay()
    order.refresh_from_db()
    return order
