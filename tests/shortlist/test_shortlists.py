"""Compare and recently viewed: cookies of the browser, changed by a POST or by looking."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from catalog.shortlist.cookies import ids_parse
from tests.factories import ProductFactory, option_attribute, option_set, product_with_variants

pytestmark = pytest.mark.django_db
BAD = ["", "0", "-1", "x", "9" * 40, "١٢", "1.5", "<b>", "%00", "😀", "\u202e1", "1" * 5000]


def compared(client) -> str:
    cookie = client.cookies.get("compare")
    return cookie.value if cookie else ""


def add(client, product, **headers):
    return client.post("/compare/", {"add": product.pk, "next": "/"}, **headers)


def test_what_is_no_id_is_passed_over():
    assert ids_parse("3-x--0-3-07-" + "9" * 19 + "-4", limit=4) == [3, 7, 4]
    assert len(ids_parse("-".join(map(str, range(1, 10_001))), limit=4)) == 4
    assert ids_parse("5,6", limit=4) == [5, 6]


def test_up_to_four_are_compared_and_the_fifth_is_told_so(client):
    products = [ProductFactory() for _number in range(5)]
    for product in products[:4]:
        add(client, product)
        add(client, product)

    answer = client.post(
        "/compare/", {"add": products[4].pk, "next": "/"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert "You compare 4 things already" in answer.content.decode()
    assert compared(client) == "-".join(str(product.pk) for product in products[:4])
    assert (
        "You compare 4 things already" in client.get(add(client, products[4]).url).content.decode()
    )


def test_a_hidden_product_gives_its_place_to_the_next(client):
    products = [ProductFactory() for _number in range(5)]
    for product in products[:4]:
        add(client, product)
    Product.objects.filter(pk=products[0].pk).update(is_public=False)

    add(client, products[4])

    assert compared(client) == "-".join(str(product.pk) for product in products[1:])


def test_taking_out_and_clearing(client):
    one, two = ProductFactory(), ProductFactory()
    add(client, one)
    add(client, two)

    client.post("/compare/", {"remove": one.pk})
    assert compared(client) == str(two.pk)
    client.post("/compare/", {"clear": "1"})
    assert compared(client) == ""


def test_rows_say_what_differs_and_a_link_shows_only_that(client):
    colour = option_attribute("colour")
    one, two = ProductFactory(price="10.00"), ProductFactory(price="12.00")
    for product in (one, two):
        option_set(product, colour, "sage")
    link = f"/compare/?ids={one.pk}-{two.pk}"

    page = client.get(link)
    assert {row.name: row.differs for row in page.context["rows"]} == {
        "Price": True,
        "Stock and delivery": False,
        "Colour": False,
    }
    only = client.get(f"{link}&differences=1").context["rows"]
    assert [row.name for row in only] == ["Price"]


def test_the_variants_of_a_family_stand_in_one_cell(client):
    family = product_with_variants(colours={"sage": 1, "ink": 1})

    rows = client.get(f"/compare/?ids={family.pk}").context["rows"]

    assert next(row for row in rows if row.name == "Colour").cells[0].text == "Sage, Ink"


def test_a_shared_link_changes_nothing_until_it_is_kept(client):
    one, two = ProductFactory(), ProductFactory()
    add(client, one)

    page = client.get(f"/compare/?ids={two.pk}")
    assert page.context["is_shared"]
    assert compared(client) == str(one.pk)

    client.post("/compare/", {"keep": f"{two.pk}-{10**15}-"})
    assert compared(client) == str(two.pk)


def test_comparing_two_costs_as_many_queries_as_four(client):
    products = [product_with_variants(colours={"sage": 1, "ink": 1}) for _number in range(4)]

    def queries(number: int) -> int:
        ids = "-".join(str(product.pk) for product in products[:number])
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/compare/?ids={ids}")
        return len(captured)

    queries(2)
    assert queries(2) == queries(4)


def test_the_last_twelve_things_looked_at_are_remembered_newest_first(client):
    products = [ProductFactory() for _number in range(13)]
    for product in [*products, products[5]]:
        client.get(product.get_absolute_url())

    shown = [card.pk for card in client.get("/recently-viewed/").context["recent"]]

    wanted = [products[5].pk, *(product.pk for product in reversed(products))]
    assert shown == list(dict.fromkeys(wanted))[:12]
    client.post("/recently-viewed/")
    assert client.get("/recently-viewed/").context["recent"] == []


def test_looking_writes_nothing_into_the_database(client):
    product = ProductFactory()
    with CaptureQueriesContext(connection) as captured:
        client.get(product.get_absolute_url())

    assert not [one for one in captured if not one["sql"].lstrip().startswith("SELECT")]


@pytest.mark.parametrize("name", ["recent", "compare"])
@pytest.mark.parametrize("bad", BAD[1:])
def test_a_cookie_of_nonsense_is_an_empty_one(client, name, bad):
    product = ProductFactory()
    client.cookies[name] = bad.encode().decode("latin-1")  # as browsers send it

    for url in ("/", "/compare/", "/recently-viewed/", product.get_absolute_url()):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("bad", BAD)
def test_nonsense_in_a_form_or_an_address_is_answered(client, bad):
    assert client.get("/compare/", {"ids": bad, "differences": bad}).status_code in (200, 400)
    for field in ("add", "remove", "keep"):
        answer = client.post("/compare/", {field: bad, "next": bad})
        assert answer.status_code == 302
        assert answer.url == "/compare/"
    assert compared(client) == ""
