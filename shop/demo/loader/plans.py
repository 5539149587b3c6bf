"""From the simulation to rows: who ordered what, with the stock records at hand."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings

from crm.accounts.models import User
from shop.demo.catalogue import Catalogue, Size
from shop.demo.history import SimOrder, orders_simulated, people_needed
from shop.demo.loader.history import Bought, OrderPlan
from shop.demo.loader.lives import life_of
from shop.demo.loader.people import address_of, people_load, shopper_seated
from shop.demo.loader.products import KINDS, Shelved
from shop.demo.people import people_made


def plans_made(
    catalogue: Catalogue,
    shelved: Shelved,
    shopper: User,
    *,
    size: Size,
    seed: int,
    now: dt.datetime,
) -> Iterator[OrderPlan]:
    """Write the customers, then yield their orders, oldest first."""
    people = people_made(count=people_needed(size), seed=seed)
    orders = list(
        orders_simulated(
            catalogue=catalogue,
            people=people,
            size=size,
            seed=seed,
            today=now.astimezone(dt.UTC),
        )
    )
    people, seat = shopper_seated(people, orders, shopper)
    joined = {}
    for order in orders:
        if not order.is_guest:
            joined.setdefault(order.customer_index, order.placed_at)
    users = people_load(people, joined, seated={seat: shopper})
    goods = {variant.sku: good for good, variant in catalogue.variants()}
    rates = {kind: settings.STORE_TAX_RATES[row[2]] for kind, row in KINDS.items()}

    def bought(sku: str, quantity: int, language: str) -> Bought:
        good = goods[sku]
        record = shelved.records[sku]
        titles = {"en": record.product.title_en, "zh-hans": record.product.title_zh_hans}
        return Bought(record, titles[language], rates[good.tax_class], quantity)

    for order in orders:
        person = people[order.customer_index]
        user = users.get(order.customer_index)
        yield OrderPlan(
            placed_at=order.placed_at,
            address=address_of(person),
            email=person.email,
            language=person.language,
            lines=tuple(bought(*line, person.language) for line in merged(order)),
            life=life_of(order),
            user_id=user.pk if user and not order.is_guest else None,
            discount=Decimal(str(order.discount)),
            voucher=order.campaign,
        )


def merged(order: SimOrder) -> Iterator[tuple[str, int]]:
    """One line per SKU."""
    units: dict[str, int] = {}
    for line in order.lines:
        units[line.sku] = units.get(line.sku, 0) + line.quantity
    yield from units.items()
