"""Finding what is to be sold, and to whom, by a few words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from catalog.models import Kind, Product
from catalog.partner.models import StockRecord
from catalog.partner.strategy import ShopStrategy
from catalog.variants import attribute_values
from crm.accounts.models import User
from orders.desk.words import words_first, words_ids, words_wanted
from orders.drafts.models import Draft
from orders.drafts.selectors import draft_strategy
from orders.models import Order
from shop.core.money import shown
from shop.core.names import name_shown
from shop.dashboard.people import customers

WORDS = 6
PRODUCTS = 12
PEOPLE = 8
DIGITS = 6  # of a telephone number, before it is looked for
MOST = 500  # orders that are looked at for their guests
NEAR = 30_000  # of the newest orders, where words are so common that more have them
NOT_HERE = (Kind.SET, Kind.VOUCHER)  # asked for things that only their own pages ask


@dataclass(frozen=True)
class Found:
    """A product as it would be sold to the customer of the draft. ``left`` None: not counted."""

    product: Product
    title: str
    sku: str
    price: str
    left: int | None
    is_sold: bool


@dataclass(frozen=True)
class Person:
    """A member, or a guest by one of their orders."""

    name: str
    email: str
    phone: str
    member: User | None = None
    order: Order | None = None


def products_by_words(draft: Draft, text: str) -> list[Found]:
    """Those that carry the words, as they would be sold to the customer of the draft."""
    return products_found(text, strategy=draft_strategy(draft), currency=draft.currency)


def products_found(text: str, *, strategy: ShopStrategy, currency: str) -> list[Found]:
    """Single products and variants that carry all words in name, SKU or barcode."""
    words = text.split()[:WORDS]
    if not words:
        return []
    records = _records()
    for word in words:
        records = records.filter(_says(word))
    rows = list(records.order_by("product__parent__title", "product__title", "pk")[:PRODUCTS])
    return _found(rows, strategy, currency)


def product_by_code(text: str) -> Product | None:
    """The one product with this SKU or barcode; None for none or several."""
    code = text.strip()
    if not code:
        return None
    rows = _records().filter(Q(partner_sku__iexact=code) | Q(product__upc__iexact=code))[:2]
    return rows[0].product if len(rows) == 1 else None


def product_sold(pk: int) -> Product | None:
    record = _records().filter(product=pk).first()
    return record.product if record else None


def people_by_words(viewer: Any, text: str) -> list[Person]:
    """Members first, then guests by their newest order; by name, e-mail or telephone."""
    words = text.split()[:WORDS]
    if not words:
        return []
    digits = "".join(one for one in text if one.isdigit()).lstrip("0")
    phone = digits if len(digits) >= DIGITS else ""
    members = customers(viewer).filter(is_active=True)
    named = Q()
    for word in words:
        named &= (
            Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    if phone:
        named |= Q(addresses__phone_number__contains=phone)
    found = members.filter(named).distinct().order_by("-date_joined", "-pk")[:PEOPLE]
    people = [Person(one.get_full_name() or one.email, one.email, "", member=one) for one in found]
    return people + _guests(text)


def _guests(text: str) -> list[Person]:
    """By what the desk finds orders with, so that it costs the same among a million of them."""
    wanted = words_wanted(text)
    if not wanted:
        return []
    ids = words_ids(wanted, most=MOST)
    if ids is None:
        newest = Order.objects.order_by("-date_placed", "-pk")
        ids = words_first(
            wanted, newest, column="date_placed", goes_down=True, look=NEAR, most=MOST
        )
    rows = Order.objects.filter(pk__in=ids, user=None).exclude(guest_email="")
    people: dict[str, Order] = {}
    for order in rows.select_related("shipping_address").order_by("-pk"):
        people.setdefault(order.guest_email.casefold(), order)
    return [_guest(order) for order in list(people.values())[:PEOPLE]]


def _guest(order: Order) -> Person:
    place = order.shipping_address
    name = name_shown(place.first_name, place.last_name) if place else ""
    phone = str(place.phone_number or "") if place else ""
    return Person(name or order.guest_email, order.guest_email, phone, order=order)


def _records() -> Any:
    return (
        StockRecord.objects.filter(
            Q(product__parent=None) | Q(product__parent__is_public=True),
            product__is_public=True,
            price__isnull=False,
        )
        .exclude(
            Q(product__product_class__kind__in=NOT_HERE)
            | Q(product__parent__product_class__kind__in=NOT_HERE)
        )
        .select_related("product__product_class", "product__parent__product_class")
    )


def _says(word: str) -> Q:
    said = Q(partner_sku__icontains=word) | Q(product__upc__iexact=word)
    for code, _name in settings.LANGUAGES:
        title = f"title_{code.replace('-', '_')}__icontains"
        said |= Q(**{f"product__{title}": word}) | Q(**{f"product__parent__{title}": word})
    return said


def _found(records: Iterable[StockRecord], strategy: ShopStrategy, currency: str) -> list[Found]:
    rows, language = list(records), get_language() or "en"
    values = attribute_values([row.product for row in rows if row.product.is_child])
    found = []
    for row in rows:
        info = strategy.fetch_for_product(row.product, row)
        words = " · ".join(one.value_as_text for one in values.get(row.product_id, ()))
        title = (row.product.parent or row.product).get_title()
        found.append(
            Found(
                product=row.product,
                title=f"{title} · {words}" if words else title,
                sku=row.partner_sku,
                price=shown(info.price.effective_price, currency, language)
                if info.price.exists
                else "",
                left=getattr(info.availability, "num_available", None),
                is_sold=info.price.exists and info.availability.is_available_to_buy,
            )
        )
    return found
