"""What `manage.py verify` checks about search."""

from collections.abc import Iterator

from django.db.models import Count

from catalog.models import Product
from catalog.search.documents import chunks, documents_make, families_read
from catalog.search.models import LANGUAGES, SearchDocument
from shop.core.verify import invariant

COMPARED = ("product_id", "language", "digest", "title")


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
    for ids in chunks(
        list(Product.objects.browsable().order_by("pk").values_list("pk", flat=True))
    ):
        rows = SearchDocument.objects.filter(product__in=ids)
        digests = {(row.product_id, row.language): row for row in rows.only(*COMPARED)}
        for document in documents_make(families_read(ids)):
            row = digests.get((document.product_id, document.language))
            if row and (row.digest, row.title) != (document.digest(), document.title):
                yield f"the {document.language} document of {document.title} is out of date"
