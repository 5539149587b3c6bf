from supply.models import StockMovement
from tests.factories import CategoryFactory, ProductFactory, product_with_variants


def test_stock_of_the_factories_is_in_the_ledger(db):
    parent = product_with_variants(colours={"sage": 3, "indigo": 0}, categories=[CategoryFactory()])
    single = ProductFactory(price="12.50", stock=4)

    assert sum(StockMovement.objects.values_list("quantity", flat=True)) == 7
    assert [child.stockrecords.get().num_in_stock for child in parent.children.order_by("pk")] == [
        3,
        0,
    ]
    assert single.stockrecords.get().price == 12.5
