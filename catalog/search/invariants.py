"""What `manage.py verify` checks about search."""

from collections.abc import Iterator

from django.db.models import Count

from catalog.models import Product
from catalog.search.models import LANGUAGES, SearchDocument
from shop.core.verify import invariant


@invariant("search: every browsable product has one document per language, nothing else has any")
def documents_are_products() -> Iterator[str]:
    browsable = Product.objects.browsable()
    with_documents = SearchDocument.objects.values("product").annotate(number=Count("pk"))
    complete = with_documents.filter(number=len(LANGUAGES)).values("product")
    for pk, title in browsable.exclude(pk__in=complete).values_list("pk", "title"):
        yield f"{title} ({pk}) cannot be found in every language"
    for pk in with_documents.exclude(product__in=browsable).values_list("product", flat=True):
        yield f"product {pk} can be found but not browsed"


@invariant("search: documents say what the products say now")
def documents_are_current() -> Iterator[str]:
    titles = SearchDocument.objects.values_list("product_id", "title", "product__title_en")
    stale = (
        row for row in titles.filter(language="en", product__title_en__isnull=False)
        if row[1] != row[2][:255]
    )  # fmt: skip
    for pk, title, now in stale:
        yield f"product {pk} is called {now}, its document says {title}"
