"""The product page: every variant can be reached, and what is said about it is true."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.reviews.models import ProductReview
from tests.factories import (
    CategoryFactory,
    ProductFactory,
    option_attribute,
    option_set,
    product_with_variants,
)

pytestmark = pytest.mark.django_db


def shirts(sizes: dict[tuple[str, str], int]):
    """A family with two attributes; maps colour and size to units."""
    colour, size = option_attribute("colour"), option_attribute("size")
    family = ProductFactory(structure="parent", price=None)
    for (tone, measure), units in sizes.items():
        child = ProductFactory(structure="child", parent=family, product_class=None, stock=units)
        option_set(child, colour, tone)
        option_set(child, size, measure)
    return family


def picked(page) -> str:
    return " ".join(axis.chosen for axis in page.context["page"].axes)


@pytest.mark.req("S1.03", "S5.04")
def test_every_variant_can_be_reached_by_links_alone(client):
    family = shirts({("sage", "s"): 1, ("sage", "m"): 0, ("ink", "m"): 2, ("ink", "l"): 0})
    to_see, seen = [family.get_absolute_url()], {}

    while to_see:
        url = to_see.pop()
        page = client.get(url)
        seen[url] = page.context["page"].chosen.product.pk
        links = re.findall(r'class="pick[^>]* href="([^"]+)"', page.content.decode())
        to_see += [link for link in links if link not in seen and link not in to_see]

    assert set(seen.values()) == set(family.children.values_list("pk", flat=True))


def test_a_choice_keeps_the_rest_of_the_choice(client):
    family = shirts({("sage", "s"): 1, ("sage", "m"): 1, ("ink", "s"): 1, ("ink", "m"): 1})
    ink_m = family.children.order_by("pk").last()

    page = client.get(family.get_absolute_url(), {"variant": ink_m.pk})

    assert picked(page) == "Ink M"
    sage = page.context["page"].axes[0].choices[0]
    assert picked(client.get(family.get_absolute_url(), {"variant": sage.variant_id})) == "Sage M"


def test_the_first_variant_in_stock_is_shown_first(client):
    family = product_with_variants(colours={"sage": 0, "ink": 2})

    page = client.get(family.get_absolute_url())

    assert picked(page) == "Ink"
    assert [choice.out for choice in page.context["page"].axes[0].choices] == [True, False]


def test_what_is_sold_out_cannot_be_bought_and_says_so(client):
    family = product_with_variants(colours={"sage": 0, "ink": 2})
    sold_out = family.children.order_by("pk").first()

    html = client.get(family.get_absolute_url(), {"variant": sold_out.pk}).content.decode()

    assert "Sold out" in html
    assert 'id="add-form"' not in html


@pytest.mark.parametrize(("stock", "said"), [(1, "1 left"), (5, "5 left"), (6, "In stock")])
def test_few_units_are_counted_out_loud(client, stock, said):
    product = ProductFactory(stock=stock)

    assert f">{said}</span>" in client.get(product.get_absolute_url()).content.decode()


@pytest.mark.parametrize("variant", ["0", "-1", "x", "9" * 40, "1e3", ""])
def test_a_wrong_variant_leads_to_the_usual_one(client, variant):
    family = product_with_variants(colours={"sage": 1})

    page = client.get(family.get_absolute_url(), {"variant": variant})

    assert page.context["page"].chosen.product == family.children.get()


def test_another_familys_variant_is_not_shown_here(client):
    family = product_with_variants(colours={"sage": 1})
    other = product_with_variants(colours={"ink": 1}).children.get()

    page = client.get(family.get_absolute_url(), {"variant": other.pk})

    assert page.context["page"].chosen.product == family.children.get()


def test_a_variants_own_address_leads_to_its_family(client):
    family = product_with_variants(colours={"sage": 1})
    child = family.children.get()

    page = client.get(child.get_absolute_url())

    assert page.status_code == 301
    assert page["Location"] == f"{family.get_absolute_url()}?variant={child.pk}"


def test_hidden_products_and_variants_of_hidden_families_are_not_found(client):
    hidden = ProductFactory(is_public=False)
    family = product_with_variants(colours={"sage": 1}, is_public=False)

    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(family.children.get().get_absolute_url()).status_code == 404


def test_a_product_without_a_price_says_so(client):
    page = client.get(ProductFactory(price=None).get_absolute_url())

    assert "Not for sale at the moment" in page.content.decode()


def test_htmx_gets_the_product_alone(client):
    product = ProductFactory()

    page = client.get(product.get_absolute_url(), headers={"HX-Request": "true"})

    html = page.content.decode()
    assert "<html" not in html
    assert 'id="product"' in html
    assert 'id="buy-bar" data-hx-swap-oob="true"' in html
    assert "HX-Request" in page["Vary"]


def test_a_product_page_costs_the_same_for_2_and_20_variants(client):
    category = CategoryFactory()
    product_with_variants(colours={"ink": 1}, categories=[category])
    costs = []
    for number in (2, 20):
        family = product_with_variants(
            colours={f"tone{index}": index % 4 for index in range(number)}, categories=[category]
        )
        ProductReview.objects.create(product=family, score=4, title="Good", body="Yes.", status=1)
        client.get(family.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(family.get_absolute_url())
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert costs[0] <= 14


def test_script_in_a_description_is_inert(client):
    product = ProductFactory(
        description_en="<p>Fine</p><script>alert(1)</script><img src=x onerror=alert(1)>"
    )

    html = client.get(product.get_absolute_url()).content.decode()

    assert "<p>Fine</p>" in html
    assert "alert(1)</script>" not in html
    assert "onerror" not in html


def test_looking_writes_nothing(client):
    product = ProductFactory()

    with CaptureQueriesContext(connection) as queries:
        client.get(product.get_absolute_url())

    verbs = {query["sql"].split()[0] for query in queries}
    assert verbs == {"SELECT"}


def test_what_does_not_exist_with_the_rest_of_the_choice_is_marked(client):
    family = shirts({("sage", "s"): 1, ("ink", "m"): 2})
    sage_s = family.children.order_by("pk").first()

    page = client.get(family.get_absolute_url(), {"variant": sage_s.pk})

    choices = {
        choice.label: choice for axis in page.context["page"].axes for choice in axis.choices
    }
    assert [choices[one].elsewhere for one in ("Sage", "Ink", "S", "M")] == [
        False,
        True,
        False,
        True,
    ]
    assert "changes the rest of the choice" in page.content.decode()


def test_htmx_says_what_was_chosen(client):
    family = product_with_variants(colours={"sage": 2, "ink": 0})
    sage = family.children.order_by("pk").first()

    html = client.get(
        family.get_absolute_url(), {"variant": sage.pk}, headers={"HX-Request": "true"}
    ).content.decode()

    assert 'data-hx-swap-oob="innerHTML">Sage: €10.00, 2 left</p>' in html


def test_what_is_hidden_leads_to_its_shelf_and_is_not_named(client):
    shelf = CategoryFactory(name="Cups")
    secret = ProductFactory(title="Secret cup", is_public=False, categories=[shelf])
    ProductFactory(title="Known cup", categories=[shelf])

    page = client.get(secret.get_absolute_url())

    assert page.status_code == 404
    assert "Known cup" in page.content.decode()
    assert "Secret cup" not in page.content.decode()


def test_facts_stand_in_groups_with_the_number_of_the_chosen_one(client):
    family = product_with_variants(colours={"sage": 2, "ink": 0})
    ink = family.children.order_by("pk").last()

    page = client.get(family.get_absolute_url(), {"variant": ink.pk}).context["page"]

    numbers = {fact.name: fact.value for group in page.specs for fact in group.rows}
    assert numbers["SKU"] == ink.stockrecords.get().partner_sku
