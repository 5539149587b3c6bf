"""Whatever is typed into the checkout is a message or a clean page, never an error."""

import pytest
from django.urls import reverse

from orders.checkout.countries import FORMATS, address_lines
from orders.checkout.forms import AddressForm
from orders.models import Order, ShippingAddress
from tests.factories import CountryFactory, ProductFactory
from tests.flows.shopper import CHINA, GERMANY, Shopper

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01", "S5.16")]
TORTURE = {
    "nul": "a\x00b",
    "emoji": "👩‍🚀🏳️‍🌈" * 8,
    "rtl": "\u202eevil\u202c שלום مرحبا",
    "long": "x" * 10_000,
    "full-width": "１２３４５",
    "markup": "<script>alert(1)</script>{{7*7}}{% now %}",
    "quotes": "'\";-- \\ %s %(x)s",
    "control": "\x01\x1b[31m\r\n\t",
    "plane-16": "\U0010fffd\ud7ff\ufffd",
    "blank": " \u3000\u200b ",
    "empty": "",
}


@pytest.fixture(autouse=True)
def countries():
    for code in FORMATS:
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)


@pytest.fixture
def shopper(client):
    shopper = Shopper(client)
    shopper.add(ProductFactory())
    shopper.post("checkout:index", {"email": "ada@example.com"})
    return shopper


@pytest.mark.parametrize("text", TORTURE.values(), ids=TORTURE)
@pytest.mark.parametrize("field", [*GERMANY, "saved"])
def test_address_fields_survive(shopper, field, text):
    response = shopper.post("checkout:shipping-address", {**GERMANY, field: text})

    assert response.status_code in (200, 302, 400, 404, 422)
    assert shopper.get("checkout:shipping-address").status_code == 200
    assert shopper.get("checkout:shipping-method").status_code in (200, 302)


@pytest.mark.parametrize("text", TORTURE.values(), ids=TORTURE)
def test_other_fields_survive(shopper, text):
    assert shopper.post("checkout:index", {"email": text}).status_code in (400, 422)
    shopper.post("checkout:shipping-address", GERMANY)
    assert shopper.post("checkout:shipping-method", {"method": text}).status_code in (400, 422)
    shopper.post("checkout:shipping-method", {"method": "standard"})
    for field in ("payment", "basket", "shown-cod"):
        data = {"payment": "cod", "basket": "", "shown-cod": "", field: text}
        assert shopper.post("checkout:preview", data).status_code in (400, 409, 422)
    for field in ("number", "email"):
        data = {"number": "K7F3-9QPM", "email": "ada@example.com", field: text}
        assert shopper.post("orders:find", data).status_code in (400, 422)
    assert not Order.objects.exists()


IN_ADDRESSES = {
    name: text for name, text in [*TORTURE.items()][1:] if text.strip() and "\n" not in text
}


@pytest.mark.parametrize("text", IN_ADDRESSES.values(), ids=IN_ADDRESSES)
def test_links_survive(client, text):
    for path in ("orders/{}/", "orders/{}/pay/", "checkout/thank-you/{}/"):
        path = "/" + path.format(text.replace("/", "").replace("%", ""))
        assert client.post(path).status_code in (404, 405)
        assert client.get(path).status_code in (404, 405)


def test_what_is_strange_but_writable_reaches_the_order(shopper):
    strange = {
        **GERMANY,
        "first_name": "Zoë 👩‍🚀",
        "line1": "ＡＢ <b>12</b> ‮x",
        "postcode": "１０１１５",
    }
    assert shopper.post("checkout:shipping-address", strange).status_code == 200
    page = shopper.post("checkout:shipping-method", {"method": "standard"})
    assert "<b>12" not in page.content.decode()

    assert shopper.place(page, payment="cod").status_code == 302

    address = Order.objects.get().shipping_address
    assert (address.first_name, address.postcode) == ("Zoë 👩‍🚀", "10115")
    assert "\u202e" not in address.line1


GOOD = {
    "DE": {"postcode": "10115", "phone_number": "030 901820"},
    "GB": {"postcode": "sw1a 2aa", "phone_number": "0121 234 5678"},
    "US": {"postcode": "94103-1234", "phone_number": "(201) 555-0123", "state": "CA"},
    "CN": {"postcode": "", "phone_number": "13123456789", "state": "上海市", "line3": "静安区"},
    "JP": {"postcode": "１００-０００１", "phone_number": "03-1234-5678", "state": "東京都"},
    "FR": {"postcode": "75 001", "phone_number": "01 23 45 67 89"},
    "NL": {"postcode": "1012 ab", "phone_number": ""},
}
NAMES = {"first_name": "Ada", "last_name": "King", "line1": "1 Long Road", "line4": "Town"}


@pytest.mark.parametrize("country", GOOD)
def test_each_country_takes_its_own_addresses(country):
    form = AddressForm({**NAMES, **GOOD[country], "country": country}, country=country)

    assert form.is_valid(), form.errors
    lines = address_lines(ShippingAddress(**form.columns()))
    assert lines[0]
    assert all(line.strip() for line in lines)


@pytest.mark.parametrize("country", GOOD)
def test_each_country_refuses_what_cannot_be_delivered(country):
    data = {**NAMES, **GOOD[country], "country": country, "line4": "", "postcode": "ABC-1"}
    data["phone_number"] = "12"
    form = AddressForm(data, country=country)

    assert set(form.errors) == {"line4", "postcode", "phone_number"}


def test_chinese_addresses_are_written_from_the_largest_part():
    form = AddressForm(CHINA, country="CN")
    assert form.is_valid(), form.errors

    lines = address_lines(ShippingAddress(**form.columns()))

    assert lines == ["上海市静安区", "南京西路1266号", "王小明", "200040", "China"]


def test_changing_the_country_keeps_what_was_typed(shopper):
    typed = {**GERMANY, "country": "CN"}

    page = shopper.post("checkout:shipping-address", typed)
    fragment = shopper.client.post(
        reverse("checkout:shipping-address"), typed, headers={"HX-Request": "true"}
    )

    for response in (page, fragment):
        text = response.content.decode()
        assert response.status_code == 200
        assert "König" in text
        assert "静安" not in text
        assert 'name="line3"' in text
    assert "<html" not in fragment.content.decode()
