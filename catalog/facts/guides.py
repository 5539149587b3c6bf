"""Which products have which size guide."""

from django.db import transaction
from django.db.models import Q

from catalog.facts.models import ProductFacts, SizeGuide
from catalog.models import Category, Product
from shop.core.pagecache import drop, family_tags


def family_of_sku(text: str) -> Product | None:
    """The product, or the family of the variant, with this SKU or barcode."""
    found = (
        Product.objects.filter(Q(stockrecords__partner_sku__iexact=text) | Q(upc__iexact=text))
        .select_related("parent")
        .order_by("pk")
        .first()
    )
    return found.parent if found is not None and found.is_child else found


@transaction.atomic
def guide_give(*, guide: SizeGuide, families: list[int]) -> int:
    """These families show this guide from now on, whichever they had. How many."""
    ProductFacts.objects.bulk_create(
        (ProductFacts(product_id=pk) for pk in families), ignore_conflicts=True
    )
    drop(*family_tags(families))
    return ProductFacts.objects.filter(product__in=families).update(size_guide=guide)


def guide_give_category(*, guide: SizeGuide, category: Category) -> int:
    """All families of a category and below it. How many."""
    families = (
        Product.objects.filter(
            productcategory__category__path__startswith=category.path, parent=None
        )
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()
    )
    return guide_give(guide=guide, families=list(families))


def guide_take(*, guide: SizeGuide, family_id: int) -> bool:
    """The family shows this guide no more. False if it did not."""
    rows = ProductFacts.objects.filter(product=family_id, size_guide=guide)
    drop(*family_tags([family_id]))
    return bool(rows.update(size_guide=None))
