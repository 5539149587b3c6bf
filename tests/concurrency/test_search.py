"""Two who change the same product at once: its document knows both changes."""

import threading
from collections.abc import Callable

import pytest
from django.db import transaction

from catalog.facts.models import Brand, ProductFacts
from catalog.models import Product
from catalog.search import services
from catalog.search.models import SearchDocument
from tests.concurrency.support import at_once
from tests.search.support import good

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S1.07")]


def mug_and_brand() -> tuple[Product, Brand]:
    product = good("Mug")
    ProductFacts.objects.get_or_create(product=product)
    return product, Brand.objects.create(name="Kiln", name_en="Kiln", slug="kiln")


def changed_at_once(product: Product, brand: Brand) -> list[object]:
    """One renames it, one gives it a brand; both have done so before either writes the document."""
    both = threading.Barrier(2, timeout=30)

    def change(act: Callable[[], object]) -> None:
        with transaction.atomic():
            act()
            both.wait()
            services.documents_refresh(ids=[product.pk])

    products = Product.objects.filter(pk=product.pk)
    facts = ProductFacts.objects.filter(pk=product.pk)
    return at_once(
        lambda: change(lambda: products.update(title="Teapot", title_en="Teapot")),
        lambda: change(lambda: facts.update(brand=brand)),
    )


def known_of(product: Product) -> set[str]:
    names = str(SearchDocument.objects.get(product=product, language="en").names)
    return {word for word in ("kiln", "teapot") if f"'{word}'" in names}


def test_a_document_knows_of_two_changes_at_once():
    product, brand = mug_and_brand()

    assert changed_at_once(product, brand) == [None, None]

    assert known_of(product) == {"kiln", "teapot"}


def test_without_the_lock_one_change_is_lost(monkeypatch):
    """The control: why documents are locked before the product is read."""
    product, brand = mug_and_brand()
    both_have_read = threading.Barrier(2, timeout=30)
    read = services.families_read

    def read_together(ids: list[int]) -> dict:
        families = read(ids)
        both_have_read.wait()
        return families

    monkeypatch.setattr(services, "documents_lock", lambda ids: {})
    monkeypatch.setattr(services, "families_read", read_together)

    assert changed_at_once(product, brand) == [None, None]

    assert len(known_of(product)) == 1
