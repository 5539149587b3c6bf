"""Sold orders with two rates of tax, and drift that the database would refuse."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db import connection
from pypdf import PdfReader

from catalog.models import ProductClass
from orders.models import Order
from orders.papers.models import Document
from orders.services import order_place, order_refund
from payments.models import Refund
from payments.services import intent_capture, intent_open
from shop.core.outbox import relay
from tests.factories import ProductClassFactory, ProductFactory
from tests.sales import basket_with, checkout_of, intent_of, refund_finish


def tea(**fields: Any) -> Any:
    """At the reduced rate."""
    food: ProductClass = ProductClassFactory(slug="food", name="Food", tax_class="reduced")
    return ProductFactory(product_class=food, price="12.90", **fields)


def sold(products: dict[Any, int] | None = None, *, user: Any = None) -> Order:
    """An order that was paid, and its papers written."""
    basket = basket_with(products or {ProductFactory(price="24.00"): 2, tea(): 1}, owner=user)
    order = order_place(checkout=checkout_of(basket, user=user))
    intent_capture(intent=intent_open(intent=intent_of(order)))
    relay()
    order.refresh_from_db()
    return order


def read(pdf: bytes) -> tuple[PdfReader, str]:
    """The file, and all its words with single spaces."""
    reader = PdfReader(BytesIO(pdf))
    return reader, re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def words_of(response: Any) -> list[str]:
    """The words of a PDF that was sent, page by page."""
    assert response.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(b"".join(response.streaming_content)))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def sent_back(order: Order, amount: str) -> Refund:
    refund = order_refund(
        order=order, amount=Decimal(amount), reason="Broken", key=amount, user=None
    )
    refund_finish(refund)
    relay()
    return refund


def invoice_of(order: Order) -> Document:
    return order.documents.get(kind="invoice")


@contextmanager
def without_the_trigger() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE papers_document DISABLE TRIGGER documents_append_only")
        yield
        cursor.execute("ALTER TABLE papers_document ENABLE TRIGGER documents_append_only")
