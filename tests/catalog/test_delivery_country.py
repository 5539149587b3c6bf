"""Where parcels go: the reader chooses, and what is promised holds for that country."""

import pytest
from oscar.apps.address.models import Country

from catalog.delivery import COUNTRY_COOKIE
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_is_not_served() -> None:
    Country.objects.filter(pk="KP").update(is_shipping_country=False)


def test_the_choice_is_kept_and_promised_for(client):
    product = ProductFactory(price="10.00")
    before = client.get(product.get_absolute_url()).context["page"]

    page = client.post("/delivery/", {"country": "AT", "next": product.get_absolute_url()})
    after = client.get(page["Location"]).context["page"]

    assert page["Location"] == product.get_absolute_url()
    assert client.cookies[COUNTRY_COOKIE].value == "AT"
    assert (before.country, before.delivery_price) == (
        "Germany",
        "Delivery €4.90, free from €49.00",
    )
    assert (after.country, after.delivery_price) == ("Austria", "Delivery €9.90, free from €99.00")
    assert after.promise.last_day > before.promise.last_day


def test_names_of_countries_are_the_readers(client):
    product = ProductFactory()
    client.cookies[COUNTRY_COOKIE] = "AT"

    assert "奥地利" in client.get(f"/zh-hans{product.get_absolute_url()}").content.decode()
    assert "奥地利" in client.get("/zh-hans/delivery/").content.decode()


def test_a_country_that_we_do_not_serve_is_told_so(client):
    product = ProductFactory()
    client.cookies[COUNTRY_COOKIE] = "KP"

    html = client.get(product.get_absolute_url()).content.decode()

    assert "We do not deliver to <b>North Korea</b> yet" in html
    assert client.get("/delivery/").status_code == 200


@pytest.mark.parametrize("country", ["", "KP", "de", "XX", "DE" * 5000, "\u202eDE", "😀", "1"])
def test_only_countries_of_the_list_are_kept(client, country):
    page = client.post("/delivery/", {"country": country})

    assert page.status_code == 422
    assert COUNTRY_COOKIE not in page.cookies


@pytest.mark.parametrize("cookie", ["de", "D", "DEU", "<b>", "%00", "12", "é" * 2, "X" * 4000])
def test_a_broken_cookie_is_no_choice(client, cookie):
    product = ProductFactory()
    client.cookies[COUNTRY_COOKIE] = cookie

    assert client.get(product.get_absolute_url()).context["page"].country == "Germany"


def test_the_way_back_stays_in_the_shop(client):
    page = client.post("/delivery/", {"country": "AT", "next": "https://elsewhere.example/"})

    assert page["Location"] == "/delivery/"


def test_htmx_gets_the_middle_alone(client):
    html = client.get("/delivery/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert '<option value="DE" selected>Germany</option>' in html
