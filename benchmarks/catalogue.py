"""Loading a catalogue of many thousands of SKUs, and how quickly that goes."""

import time
from itertools import islice

from benchmarks.report import table

HEAD = ("step", "rows", "seconds", "rows/s")
STOCK = 40  # units of each SKU: enough for every buyer of a run


def run(*, skus: int) -> str:
    """Load ``skus`` SKUs; the table of what was written."""
    from django.db import connection

    from catalog.models import Product, ProductAttributeValue, ProductImage
    from catalog.partner.models import StockRecord
    from supply.models import StockMovement

    start = time.monotonic()
    load(skus=skus)
    seconds = time.monotonic() - start
    models = (Product, ProductAttributeValue, ProductImage, StockRecord, StockMovement)
    counts = [(model._meta.verbose_name_plural, model.objects.count()) for model in models]
    rows = [(str(name), count, "", "") for name, count in counts]
    total = sum(count for _name, count in counts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    rows.append(("together", total, f"{seconds:.1f}", f"{total / seconds:,.0f}"))
    return (
        table(HEAD, rows)
        + f"\n\n{skus / seconds:,.0f} SKUs a second; the database holds {size >> 20} MB."
    )


def load(*, skus: int) -> None:
    """Write the multiplied catalogue with stock, pictures by name only, and its statistics."""
    from django.db import connection, transaction

    from shop.core.progress import progress_bar
    from shop.demo.catalogue import load_catalogue
    from shop.demo.goods_many import goods_multiplied
    from shop.demo.loader.products import CHUNK, goods_write, shelves_make

    catalogue = load_catalogue("full")
    shelved = shelves_make(catalogue)
    goods = goods_multiplied(catalogue, skus=skus)
    with progress_bar(total=skus, label="SKUs") as done:
        while chunk := list(islice(goods, CHUNK)):
            with transaction.atomic():
                goods_write(chunk, shelved)
                stock_write(shelved.records.values())
                _pictures_write(chunk, shelved)
            done(len(shelved.records))
            shelved.records.clear()
            shelved.products.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ANALYZE")


def stock_write(records) -> None:
    """The opening stock of each, where it stands, and its line in the ledger."""
    from catalog.partner.models import StockRecord
    from shop.demo.loader.bulk import BATCH, bulk
    from supply.models import Reason, StockMovement, WarehouseStock
    from supply.selectors import warehouse_default

    warehouse = warehouse_default()
    bulk(
        StockMovement(
            stock_record=record,
            warehouse=warehouse,
            quantity=STOCK,
            reason=Reason.OPENING,
            source="opening",
        )
        for record in records
    )
    bulk(WarehouseStock(warehouse=warehouse, stock_record=one, on_hand=STOCK) for one in records)
    for record in records:
        record.num_in_stock = STOCK
    StockRecord.objects.bulk_update(records, ["num_in_stock"], batch_size=BATCH)


def _pictures_write(goods, shelved) -> None:
    """One picture a family, the first edition's; the file is there when the demo was loaded."""
    from catalog.models import ProductImage
    from shop.demo.loader.bulk import bulk
    from shop.demo.loader.products import FOLDER
    from shop.demo.pictures import file_name

    bulk(
        ProductImage(
            product=(product := shelved.products[good.key]),
            original=f"{FOLDER}/{file_name(good.variants[0].picture)}",
            code=f"{product.pk}-front",
        )
        for good in goods
    )
