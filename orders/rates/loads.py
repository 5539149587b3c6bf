"""What a basket or an order weighs and takes up."""

from collections.abc import Iterable
from typing import Any

from catalog.models import Product
from orders.rates.models import ProductLoad
from orders.rates.sheet import USUAL_GRAMS
from shop.core.prepared import INTEGERS, Prepared

_loads: Prepared[ProductLoad] = Prepared(
    lambda ids: ProductLoad.objects.filter(product__in=ids), ids=INTEGERS
)


def basket_load(basket: Any) -> tuple[int, int, bool]:
    """Grams, litres (rounded up) and whether something in it is bulky. Its lines come with their loads."""
    return load_of((line.product, line.quantity) for line in basket.all_lines())


def load_of(wanted: Iterable[tuple[Any, int]]) -> tuple[int, int, bool]:
    """Of products with their units; what is not sent weighs nothing. One query, none where all products
    and their families were read with their loads."""
    sent = [(one, units) for one, units in wanted if one is None or one.is_shipping_required]
    products = [one for one, _units in sent if one is not None]
    known = {}
    field: Any = Product._meta.get_field("load")
    families = [one for product in products for one in _family(product)]
    if all(map(field.is_cached, families)):
        loads = map(field.get_cached_value, families)
        known = {load.product_id: load for load in loads if load is not None}
    elif ids := {pk for one in products for pk in (one.pk, one.parent_id) if pk}:
        known = {load.product_id: load for load in _loads.read(ids=list(ids))}
    grams = volume = 0
    is_bulky = False
    for one, units in sent:
        load = (known.get(one.pk) or known.get(one.parent_id)) if one is not None else None
        grams += units * (load.grams if load else USUAL_GRAMS)
        volume += units * (load.millilitres if load else 0)
        is_bulky = is_bulky or (load is not None and load.is_bulky)
    return grams, -(-volume // 1000), is_bulky


def _family(product: Any) -> list[Any]:
    return [product, product.parent] if product.parent_id else [product]
