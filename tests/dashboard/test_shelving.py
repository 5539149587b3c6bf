"""The collections of a product in its editor: by hand with ticks, by rule with words."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Category
from promotions.collections import shelves_of
from promotions.offer.models import Range, RangeProduct
from shop.dashboard.goods.models import ProductPlan
from tests.dashboard.test_catalogue import product_form
from tests.factories import CategoryFactory, PartnerFactory, ProductFactory, product_with_variants

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.04")]
BOTH = ("Product manager", "Marketer")


@pytest.fixture(autouse=True)
def _partner() -> None:
    PartnerFactory()


def shelf(name: str, *products, **others) -> Range:
    made = Range.objects.create(name=name, is_public=True, **others)
    for place, product in enumerate(products):
        RangeProduct.objects.create(range=made, product=product, display_order=place)
    return made


def held(one: Range) -> list[int]:
    rows = RangeProduct.objects.filter(range=one).order_by("display_order")
    return list(rows.values_list("product_id", flat=True))


def page_of(client, product) -> str:
    return client.get(reverse("dashboard:catalogue-product", args=[product.pk])).content.decode()


def save(client, product, **others):
    record = product.stockrecords.get()
    version = ProductPlan.objects.filter(pk=product.pk).values_list("version", flat=True)
    form = product_form(CategoryFactory(), **others) | {
        "stockrecords-INITIAL_FORMS": "1",
        "stockrecords-0-id": record.pk,
        "stockrecords-0-partner_sku": record.partner_sku,
        "version": version.first() or 0,
    }
    return client.post(reverse("dashboard:catalogue-product", args=[product.pk]), form)


def test_the_editor_says_where_a_product_stands_and_by_what(office) -> None:
    tea = CategoryFactory()
    product = ProductFactory(categories=[tea.add_child(name="Green", slug="green")])
    family = product_with_variants(colours={"sage": 1})
    by_hand, other = shelf("For mornings", product), shelf("For evenings")
    by_rule = shelf("All of tea")
    by_rule.included_categories.add(tea)
    shelf("Everything else", includes_all_products=True).excluded_products.add(product)
    shelf("Of one colour", family.children.get())
    Range.objects.create(name="Only for an offer", includes_all_products=True)

    told = {one.name: (one.by_hand, one.by_rule, one.has_rule) for one in shelves_of(product)}
    page = page_of(office(*BOTH), product)

    assert told == {
        "All of tea": (False, True, True),
        "Everything else": (False, False, True),
        "For evenings": (False, False, False),
        "For mornings": (True, False, False),
        "Of one colour": (False, False, False),
    }
    assert next(one for one in shelves_of(family) if one.name == "Of one colour").by_hand
    ticks = dict(re.findall(r'name="collections" value="(\d+)"[^>]*?( checked)?>', page))
    assert {int(pk): bool(tick) for pk, tick in ticks.items()} == {
        by_hand.pk: True,
        other.pk: False,
        Range.objects.get(name="Of one colour").pk: False,
    }
    assert "All of tea" in page
    assert "By its rule" in page


def test_ticks_put_it_last_take_it_out_and_leave_the_others(office) -> None:
    client, product = office(*BOTH), ProductFactory()
    first, second = ProductFactory(), ProductFactory()
    out, into = shelf("Out", first, product, second), shelf("Into", second, first)
    into.excluded_products.add(product)
    meanwhile, by_rule = shelf("Meanwhile", product), shelf("All", includes_all_products=True)
    category = Category.objects.first() or CategoryFactory()
    by_rule.included_categories.add(category)

    # The page was opened before a colleague put it into "Meanwhile".
    told = {"collections": [into.pk], "collections_shown": str(out.pk)}
    answer = save(client, product, **told)

    assert answer.status_code == 302, answer.context["form"].errors
    assert (held(out), held(into)) == ([first.pk, second.pk], [second.pk, first.pk, product.pk])
    assert held(meanwhile) == [product.pk]
    assert not into.excluded_products.exists()
    save(client, product, **told)  # once more
    assert held(into) == [second.pk, first.pk, product.pk]
    bad = save(client, product, collections=[by_rule.pk], collections_shown="x\u0662 9" * 50)
    assert bad.status_code == 422
    assert held(by_rule) == []


def test_who_may_not_change_collections_only_reads(office) -> None:
    client, product = office("Product manager"), ProductFactory()
    one = shelf("For mornings")

    answer = save(client, product, collections=[one.pk], collections_shown="")

    assert answer.status_code == 302
    assert held(one) == []
    RangeProduct.objects.create(range=one, product=product)
    page = page_of(client, product)
    assert 'name="collections"' not in page
    assert "By hand" in page


def test_the_editor_asks_no_more_for_many_collections(office) -> None:
    client, product = office(*BOTH), ProductFactory(categories=[CategoryFactory()])
    shelf("One", product).included_categories.add(CategoryFactory())
    page_of(client, product)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(client, product)
        return len(seen)

    few = queries()
    for number in range(6):
        shelf(f"Rule {number}").included_categories.add(CategoryFactory(parent=CategoryFactory()))
    assert queries() == few
