"""Many rows written at once say what they said."""

import datetime as dt
from decimal import Decimal

import pytest

from catalog.listing.models import ListedProduct
from shop.core.bulk import rows_update
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 11, 28, 9, 30, tzinfo=dt.UTC)


def test_each_kind_of_value_comes_back_as_it_went():
    first, second = (ListedProduct(product=ProductFactory(), listed_at=DAY) for _ in range(2))
    ListedProduct.objects.filter(pk__in=[first.pk, second.pk]).delete()
    ListedProduct.objects.bulk_create([first, second])
    written = {
        "price": Decimal("12.50"),
        "prices": {"JPY": "1980", "so": "it's “%s” \\ 商品"},
        "option_ids": [3, 1],
        "offer_ends_at": DAY,
        "is_in_stock": True,
    }
    for name, value in written.items():
        setattr(first, name, value)

    assert rows_update([first, second], [*written]) == 2

    first.refresh_from_db()
    second.refresh_from_db()
    assert {name: getattr(first, name) for name in written} == written
    assert (second.price, second.offer_ends_at, second.option_ids) == (None, None, [])
    assert rows_update([], ["price"]) == 0
    with pytest.raises(ValueError, match="duplicates"):
        rows_update([first, first], ["price"])
