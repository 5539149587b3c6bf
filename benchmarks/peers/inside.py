"""What has to happen inside one of the two shops: `python -m benchmarks.peers.inside ACTION`.

Each shop has settings of its own, so each action is a process of its own. The last line of standard
output is its answer in JSON.
"""

import json
import sys
import time
from typing import Any

SAMPLE = 40  # different products, so that no single one is warm
DEEP = 100  # the page of a list; the last one where there are fewer
COMMON = ("mug", "lamp", "jacket", "notebook", "chair")
FACETS = "colour=persimmon&stock=yes"
BEGINNINGS = ("mug", "lam", "jack", "not", "cha", "head", "te", "wat")
ENOUGH_SECONDS = 2.0  # a page that takes longer is asked for once


def main() -> None:
    import django

    django.setup()
    action, shop, *rest = sys.argv[1:]
    answer = {"tables": tables, "fill": fill, "pages": pages, "alone": alone}[action](shop, *rest)
    print(json.dumps(answer))


def tables(shop: str) -> None:
    """An empty shop, and for stock Oscar the names of its static files."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    if shop == "stock" and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def fill(shop: str, families: str) -> dict[str, float]:
    """Bring the shop to so many products: the first edition by its own loader, the rest by SQL."""
    from django.conf import settings
    from django.db import connection

    from benchmarks.peers import goods, multiply
    from shop.demo.catalogue import load_catalogue

    start = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM catalogue_product")
        newest = cursor.fetchone()[0]
        if not newest:
            catalogue = load_catalogue("full")
            goods.pictures_make(settings.MEDIA_ROOT)
            first = list(catalogue.goods)[: int(families)]
            _filler(shop)(catalogue, first)
            multiply.first_remember(cursor)
        multiply.families_fill(cursor, families=int(families))
        if shop == "stock":
            from benchmarks.stock.index import index_fill

            index_fill(above=newest)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT COUNT(*) FROM catalogue_product")
        products = cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database())")
        megabytes = cursor.fetchone()[0] >> 20
        found = multiply.families_count(cursor)
    return {
        "families": found,
        "rows": products,
        "megabytes": megabytes,
        "seconds": round(time.monotonic() - start, 1),
    }


def _filler(shop: str) -> Any:
    if shop == "ours":
        from benchmarks.peers.ours import base_fill
    else:
        from benchmarks.stock.fill import base_fill
    return base_fill


def pages(shop: str) -> dict[str, list[str]]:
    """Addresses by kind of page. Lists are those of departments, which hold their categories' goods."""
    from django.apps import apps
    from django.urls import reverse

    Product = apps.get_model("catalogue", "Product")
    Category = apps.get_model("catalogue", "Category")
    families = Product.objects.filter(parent=None).order_by("pk")
    step = max(1, families.count() // SAMPLE)
    departments = list(Category.objects.filter(depth=1).order_by("path"))
    search = reverse("search:search")
    record = apps.get_model("partner", "StockRecord").objects
    codes = record.order_by("pk").values_list("partner_sku", flat=True)[:2000:250]
    found = {
        "home": [reverse("home") if shop == "ours" else reverse("catalogue:index")],
        "category": [one.get_absolute_url() for one in departments],
        "deep page": [f"{one.get_absolute_url()}?page={_deep(one, shop)}" for one in departments],
        "product": [one.get_absolute_url() for one in families[: step * SAMPLE : step]],
        "search, common": [f"{search}?q={word}" for word in COMMON],
        "search, rare": [f"{search}?q={code}" for code in codes],
    }
    if shop == "ours":
        suggest = reverse("search:suggest")
        found["search, facets"] = [f"{search}?q={word}&{FACETS}" for word in COMMON]
        found["suggestions"] = [f"{suggest}?q={word}" for word in BEGINNINGS]
    return found


def _deep(department: Any, shop: str) -> int:
    from django.apps import apps
    from django.conf import settings

    own = type(department).objects.filter(path__startswith=department.path)
    places = apps.get_model("catalogue", "ProductCategory").objects.filter(category__in=own)
    held = places.values("product").distinct().count()
    return max(1, min(DEEP, -(-held // settings.OSCAR_PRODUCTS_PER_PAGE)))


def alone(_shop: str, *pages: str) -> dict[str, dict[str, float]]:
    """By page, given as ``name=path``: queries and kilobytes, once its caches are warm."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found = {}
    for name, _, path in (page.partition("=") for page in pages):
        client = Client(SERVER_NAME="127.0.0.1")
        start = time.monotonic()
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"{path} answers {answer.status_code}")
            if time.monotonic() - start > ENOUGH_SECONDS:
                break
        found[name] = {"sql": len(queries), "kilobytes": len(answer.content) / 1024}
    return found


if __name__ == "__main__":
    main()
