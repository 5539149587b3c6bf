"""Size guides: a table that everybody can read, and a desk that keeps it whole."""

import pytest

from catalog.facts.guides import guide_give_category
from catalog.facts.models import ProductFacts, SizeGuide
from catalog.facts.tables import table_problem, table_read
from tests.factories import CategoryFactory, ProductFactory, UserFactory, product_with_variants

pytestmark = pytest.mark.django_db

TABLE = "Size | Chest, cm\nS | 84–90\nM | 92–98"


@pytest.fixture
def desk(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_a_table_is_read_line_by_line():
    assert table_read("\n| a | b |\n1|2\n\n") == (["a", "b"], [["1", "2"]])
    assert table_read("a|b\n1") == (["a", "b"], [["1", ""]])
    assert table_problem("a|b\n1") == 2
    assert table_problem("") is None
    assert table_problem("\n".join(["a"] * 80)) == 0


def test_the_guide_stands_on_the_product_page_and_alone(client):
    guide = SizeGuide.objects.create(name="Shirts", table=TABLE, how="Lay the tape flat.")
    family = product_with_variants(colours={"sage": 1})
    ProductFacts.objects.create(product=family, size_guide=guide)

    page = client.get(family.get_absolute_url()).content.decode()
    alone = client.get(f"/size-guides/{guide.pk}/").content.decode()

    assert f'href="/size-guides/{guide.pk}/"' in page
    assert '<th scope="row">S</th><td class="num">84–90</td>' in alone
    assert (
        "<html"
        not in client.get(
            f"/size-guides/{guide.pk}/", headers={"HX-Request": "true"}
        ).content.decode()
    )


def test_a_line_that_does_not_fit_is_named(desk):
    page = desk.post(
        "/dashboard/catalogue/guides/add/", {"name_en": "Shirts", "table_en": "a|b\n1|2\n3"}
    )

    assert page.status_code == 422
    assert "Line 3 has another number of cells than the head." in page.content.decode()
    assert not SizeGuide.objects.exists()


def test_what_is_harmful_in_a_text_is_not_kept(desk):
    desk.post(
        "/dashboard/catalogue/guides/add/",
        {"name_en": "Shirts", "how_en": "<p>Flat</p><script>alert(1)</script>"},
    )

    assert SizeGuide.objects.get().how_en == "<p>Flat</p>"


def test_a_category_gets_a_guide_at_once_and_one_product_loses_it(desk):
    root = CategoryFactory()
    child = CategoryFactory(parent=root)
    guide = SizeGuide.objects.create(name="Shirts")
    one, other = ProductFactory(categories=[root]), ProductFactory(categories=[child])

    assert guide_give_category(guide=guide, category=root) == 2
    desk.post(f"/dashboard/catalogue/guides/{guide.pk}/take/{one.pk}/")

    assert list(guide.products.values_list("product_id", flat=True)) == [other.pk]


def test_a_variants_sku_finds_its_family(desk):
    family = product_with_variants(colours={"sage": 1})
    guide = SizeGuide.objects.create(name="Shirts")
    sku = family.children.get().stockrecords.get().partner_sku

    assert (
        desk.post(f"/dashboard/catalogue/guides/{guide.pk}/give/", {"sku": sku}).status_code == 302
    )
    missing = desk.post(f"/dashboard/catalogue/guides/{guide.pk}/give/", {"sku": "nothing"})

    assert guide.products.get().product_id == family.pk
    assert missing.status_code == 422
