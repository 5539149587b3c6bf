"""The demo catalogue multiplied, for benchmarks that need many thousands of SKUs."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import count

from shop.demo.catalogue import Catalogue, Good, Text, shop_price


def goods_multiplied(catalogue: Catalogue, *, skus: int = 100_000) -> Iterator[Good]:
    """Goods until their variants reach ``skus``; the last good is cut to land on it exactly.

    The first round is the catalogue itself, every later one a further edition of each good with its
    own key, SKUs, name and price, and the pictures of the first. The same input gives the same goods.
    """
    left = skus
    for edition in count(1):
        for good in catalogue.goods:
            if left <= 0:
                return
            made = good if edition == 1 else _edition(good, edition)
            if len(made.variants) > left:
                made = replace(made, variants=made.variants[:left])
            left -= len(made.variants)
            yield made


def _edition(good: Good, edition: int) -> Good:
    dearer = 1 + Decimal(edition * 7 % 11) / 50
    variants = tuple(
        replace(
            variant,
            sku=f"{variant.sku}-E{edition}",
            price=shop_price(variant.price * dearer),
        )
        for variant in good.variants
    )
    return replace(
        good,
        key=f"{good.key}-e{edition}",
        name=Text(f"{good.name.en}, edition {edition}", f"{good.name.zh} 第 {edition} 版"),
        variants=variants,
        featured=False,
    )
