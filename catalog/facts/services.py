"""Writing facts about products."""

from catalog.facts.models import Brand, ProductFacts
from catalog.models import Product
from catalog.refresh import families_touched, refreshing


def brand_save(brand: Brand) -> Brand:
    """Write a brand; what is found by its name follows in the same transaction."""
    with refreshing():
        brand.save()
        families_touched(_families(brand))
    return brand


def brand_delete(brand: Brand) -> int:
    """Its products stay, without a brand. How many there are."""
    families = _families(brand)
    with refreshing():
        brand.delete()
        families_touched(families)
    return len(families)


def product_brand_set(*, product: Product, brand: Brand | None) -> None:
    """Say who makes a family. Safe to repeat."""
    with refreshing():
        facts, _is_new = ProductFacts.objects.get_or_create(product=product)
        if facts.brand_id != (brand.pk if brand else None):
            facts.brand = brand
            facts.save(update_fields=["brand"])


def _families(brand: Brand) -> list[int]:
    return list(ProductFacts.objects.filter(brand=brand).values_list("pk", flat=True))
