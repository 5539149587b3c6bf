"""The invoice may be for somebody else than who gets the parcel: asked for, kept, written, shown."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.checkout.countries import FORMATS, invoice_fields
from orders.checkout.forms import InvoiceForm
from orders.exceptions import PriceChanged
from orders.fraud.models import FraudCheck
from orders.links import order_token
from orders.models import BillingAddress, Order
from orders.papers.models import Document
from orders.returns.services.linking import order_follow
from orders.returns.states import LinkKind
from orders.services import order_place
from payments.services import intent_capture
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import GERMANY, Shopper
from tests.kinds.support import download
from tests.orders.test_input import TORTURE
from tests.papers.support import read
from tests.sales import ADDRESS, basket_with, checkout_of, intent_of
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01", "S1.15")]

INVOICE = {
    "invoice-asked": "1",
    "invoice-country": "FR",
    "invoice-for": "FR",
    "invoice-company": "König & Fils SARL",
    "invoice-first_name": "Béatrice",
    "invoice-last_name": "König",
    "invoice-line1": "5 rue de la Paix",
    "invoice-line2": "",
    "invoice-postcode": "75002",
    "invoice-line4": "Paris",
}
LINES = ["König & Fils SARL", "Béatrice König", "5 rue de la Paix", "75002 Paris", "France"]
COLUMNS = {
    "company": "König & Fils SARL",
    "first_name": "Béatrice",
    "last_name": "König",
    "line1": "5 rue de la Paix",
    "line2": "",
    "line3": "",
    "line4": "Paris",
    "state": "",
    "postcode": "75002",
    "country_id": "FR",
}
GUEST = {"email": "ada@example.com", **GERMANY}


@pytest.fixture(autouse=True)
def countries():
    for code in FORMATS:
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)


@pytest.fixture
def shopper(client) -> Shopper:
    shopper = Shopper(client)
    shopper.add(ProductFactory(price="20.00", stock=9))
    return shopper


def text(page) -> str:
    return page.content.decode()


def is_ticked(page) -> bool:
    return bool(re.search(r'name="invoice-same" value="1" checked', text(page)))


def placed(shopper: Shopper, page, payment: str = "transfer") -> Order:
    assert shopper.place(page, payment=payment).status_code == 302
    return Order.objects.get()


def with_invoice(**columns: str) -> Order:
    basket = basket_with({ProductFactory(stock=9): 1})
    return order_place(checkout=checkout_of(basket, invoice_fields={**COLUMNS, **columns}))


def test_the_box_is_ticked_and_then_nothing_else_is_asked(shopper):
    page = shopper.get("checkout:index")
    assert is_ticked(page)
    assert 'id="id_invoice-company"' in text(page)

    sent = {**INVOICE, "invoice-same": "1", "invoice-postcode": "nonsense", "invoice-line1": ""}
    review = shopper.post("checkout:index", {**GUEST, **sent})

    assert "Same as the delivery address" in text(review)
    order = placed(shopper, review)
    assert order.billing_address is None
    assert not BillingAddress.objects.exists()


def test_a_page_that_was_open_before_there_was_a_box_still_works(shopper):
    order = placed(shopper, shopper.post("checkout:index", GUEST))
    assert order.billing_address is None


def test_another_address_is_shown_kept_written_and_on_the_invoice(shopper):
    review = shopper.post("checkout:index", {**GUEST, **INVOICE})
    for line in LINES[1:]:
        assert line in text(review)
    assert "König &amp; Fils SARL" in text(review)
    again = shopper.get("checkout:index")
    assert not is_ticked(again)
    assert 'value="5 rue de la Paix"' in text(again)
    shopper.post("checkout:shipping-method", {"method": "express"})

    order = placed(shopper, shopper.get("checkout:preview"))

    assert invoice_fields(order.billing_address) == COLUMNS
    assert "König & Fils SARL" in order.billing_address.search_text
    assert order.shipping_address.line1 == "Invalidenstraße 116"
    relay()
    mail = Mail.objects.get(kind="order_confirmation")
    for words in (mail.text, mail.html):
        assert words.index("Invoice to") < words.index("5 rue de la Paix")
    for path in (
        reverse("checkout:thank-you", args=[order.number]),
        reverse("orders:order", args=[order_token(order)]),
    ):
        page = text(shopper.client.get(path))
        assert page.index("Invoice to") < page.index("5 rue de la Paix"), path
    intent_capture(intent=intent_of(order))
    relay()
    paper = Document.objects.get(order=order)
    assert paper.content["buyer"] == LINES
    assert paper.content["delivery"][1] == "Invalidenstraße 116"
    answer = shopper.client.get(
        reverse("orders:order-paper", args=[order_token(order), paper.number])
    )
    _pdf, words = read(b"".join(answer.streaming_content))
    assert words.index("König & Fils SARL") < words.index("Invalidenstraße 116")
    is_right, said = verified()
    assert is_right, said


def test_the_next_order_starts_without_it(shopper):
    placed(shopper, shopper.post("checkout:index", {**GUEST, **INVOICE}))
    shopper.add(ProductFactory(stock=9))
    assert is_ticked(shopper.get("checkout:index"))


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(shopper):
    wrong = {**INVOICE, "invoice-line1": "", "invoice-postcode": "1"}
    page = shopper.post("checkout:index", {**GUEST, **wrong, "postcode": "no"})

    assert page.status_code == 422
    assert text(page).count('aria-invalid="true"') == 3
    assert 'href="#id_invoice-line1"' in text(page)
    assert not is_ticked(page)
    assert 'value="Béatrice"' in text(page)
    assert 'value="Invalidenstraße 116"' in text(page)
    assert shopper.get("checkout:preview").status_code == 302


def test_a_ticked_box_keeps_what_was_typed_under_it_while_something_else_is_wrong(shopper):
    page = shopper.post(
        "checkout:index", {**GUEST, **INVOICE, "invoice-same": "1", "postcode": "no"}
    )
    assert page.status_code == 422
    assert is_ticked(page)
    assert 'value="5 rue de la Paix"' in text(page)
    assert text(page).count('aria-invalid="true"') == 1


def test_another_country_asks_its_own_fields_and_leaves_the_other_address_alone(shopper):
    sent = {**GUEST, **INVOICE, "invoice-country": "CN"}
    page = shopper.post("checkout:index", sent)
    assert page.status_code == 200
    assert 'name="invoice-line3"' in text(page)
    assert 'name="line3"' not in text(page)
    assert 'name="invoice-phone_number"' not in text(page)
    assert 'value="Béatrice"' in text(page)
    assert 'value="Invalidenstraße 116"' in text(page)

    for trigger, fields in (("invoice-country", "invoice-fields"), ("country", "address-fields")):
        part = shopper.client.post(
            reverse("checkout:index"),
            sent,
            headers={"HX-Request": "true", "HX-Trigger-Name": trigger},
        )
        assert (
            text(part).count(' id="address-fields"') + text(part).count(' id="invoice-fields"') == 1
        )
        assert f'id="{fields}"' in text(part)


def test_the_review_leads_to_a_page_of_its_own_and_back(shopper):
    shopper.post("checkout:index", GUEST)
    page = shopper.get("checkout:invoice-address")
    assert "Whom is the invoice for?" in text(page)

    refused = shopper.post("checkout:invoice-address", {**INVOICE, "invoice-line4": ""})
    assert refused.status_code == 422
    review = shopper.post("checkout:invoice-address", INVOICE)
    assert "5 rue de la Paix" in text(review)
    assert 'value="75002"' in text(shopper.get("checkout:invoice-address"))
    back = shopper.post("checkout:invoice-address", {"same": "1"})
    assert "5 rue de la Paix" not in text(back)
    assert placed(shopper, back).billing_address is None


def test_what_needs_no_parcel_may_have_an_invoice_address_too(client):
    shopper = Shopper(client)
    shopper.add(download().product)
    review = shopper.post("checkout:index", {"email": "ada@example.com"})
    assert "No address" in text(review)

    order = placed(shopper, shopper.post("checkout:invoice-address", INVOICE))

    assert order.shipping_address is None
    assert order.billing_address.company == "König & Fils SARL"


def test_a_member_takes_a_saved_address_and_finds_the_last_one_again(client):
    member = UserFactory()
    client.force_login(member)
    mine, others = (
        user.addresses.create(
            first_name="Mei",
            last_name="Lin",
            line1="Torstraße 1",
            line4="Berlin",
            postcode="10119",
            country_id="DE",
        )
        for user in (member, UserFactory())
    )
    shopper = Shopper(client)
    shopper.add(ProductFactory(stock=9))
    on = shopper.post("checkout:shipping-address", {"saved": mine.pk, "invoice-asked": "1"})
    assert on["Location"] == reverse("checkout:invoice-address")
    assert shopper.post("checkout:invoice-address", {"saved": others.pk}).status_code == 404
    review = shopper.post("checkout:invoice-address", {"saved": mine.pk})
    assert "Torstraße 1" in text(review)
    chosen = text(shopper.get("checkout:invoice-address"))
    assert re.search(rf'value="{mine.pk}" required checked', chosen)
    order = placed(shopper, shopper.post("checkout:invoice-address", INVOICE))
    assert order.billing_address.line1 == "5 rue de la Paix"

    shopper.add(ProductFactory(stock=9))
    shopper.post("checkout:shipping-address", {"saved": mine.pk, "invoice-asked": "1"})
    assert 'value="5 rue de la Paix"' in text(shopper.get("checkout:invoice-address"))


def test_a_saved_address_with_the_box_ticked_needs_no_other_page(client):
    member = UserFactory()
    client.force_login(member)
    mine = member.addresses.create(**ADDRESS)
    shopper = Shopper(client)
    shopper.add(ProductFactory(stock=9))
    sent = {"saved": mine.pk, "invoice-asked": "1", "invoice-same": "1"}
    review = shopper.post("checkout:shipping-address", sent)
    assert review["Content-Location"] == reverse("checkout:preview")


@pytest.mark.parametrize("typed", TORTURE.values(), ids=TORTURE)
@pytest.mark.parametrize("field", [*INVOICE, "invoice-same", "same", "saved"])
def test_whatever_is_typed_is_a_message_or_a_clean_page(shopper, field, typed):
    shopper.post("checkout:index", GUEST)
    for name in ("checkout:index", "checkout:invoice-address"):
        answer = shopper.post(name, {**GUEST, **INVOICE, field: typed})
        assert answer.status_code in (200, 302, 400, 404, 422)
        assert shopper.get("checkout:preview").status_code == 200
        assert shopper.get(name).status_code == 200


def test_strange_letters_reach_the_order_and_no_control_characters(shopper):
    strange = {**INVOICE, "invoice-company": "Zoë 👩‍🚀 \u202eevil\x01 GmbH"}
    order = placed(shopper, shopper.post("checkout:index", {**GUEST, **strange}))
    assert order.billing_address.company == "Zoë 👩‍🚀 evil GmbH"


@pytest.mark.parametrize("country", ["CN", "JP", "US", "GB", "BR"])
def test_every_country_asks_for_a_company_and_for_no_phone(country):
    CountryFactory(iso_3166_1_a2="BR", printable_name="BR", name="BR")
    form = InvoiceForm(country=country)
    assert form.country_code == country
    assert next(iter(form.format.fields)) == "company"
    assert not form.fields["company"].required
    assert "phone_number" not in form.fields
    assert all(
        field.widget.attrs["autocomplete"].startswith("billing ") for field in form.fields.values()
    )


def test_an_address_changed_in_another_tab_is_not_placed_unseen(shopper):
    review = shopper.post("checkout:index", {**GUEST, **INVOICE})
    shopper.post("checkout:invoice-address", {**INVOICE, "invoice-line1": "99 quai d’Orsay"})

    refused = shopper.place(review, payment="transfer")

    assert refused.status_code == 409
    assert "99 quai d’Orsay" in text(refused)
    assert not Order.objects.exists()
    assert placed(shopper, refused).billing_address.line1 == "99 quai d’Orsay"


def test_the_fingerprint_holds_the_invoice_address():
    checkout = checkout_of(basket_with({ProductFactory(stock=9): 1}))
    object.__setattr__(checkout, "invoice_fields", COLUMNS)
    with pytest.raises(PriceChanged):
        order_place(checkout=checkout)
    assert not BillingAddress.objects.exists()


def test_a_second_press_writes_no_second_address():
    checkout = checkout_of(basket_with({ProductFactory(stock=9): 1}), invoice_fields=COLUMNS)
    assert order_place(checkout=checkout) == order_place(checkout=checkout)
    assert BillingAddress.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("S5.03")
def test_it_costs_one_statement_and_nothing_where_there_is_none():
    seen = []
    for fields in (None, COLUMNS, None, COLUMNS):
        checkout = checkout_of(basket_with({ProductFactory(stock=9): 1}), invoice_fields=fields)
        with CaptureQueriesContext(connection) as queries:
            order_place(checkout=checkout)
        seen.append([one["sql"] for one in queries])
    plain, billed = seen[2:]
    assert len(billed) == len(plain) + 1
    assert not any("billingaddress" in sql for sql in plain if sql.startswith("INSERT"))


@pytest.mark.req("S5.16")
def test_countries_that_differ_are_a_sign_of_fraud(shopper):
    order = placed(shopper, shopper.post("checkout:index", {**GUEST, **INVOICE}))
    relay()
    reasons = {one["code"]: one["facts"] for one in FraudCheck.objects.get(order=order).reasons}
    assert reasons["countries"] == {"delivery": "DE", "billing": "FR"}


def test_the_same_country_is_none(shopper):
    near = {**INVOICE, "invoice-country": "DE", "invoice-for": "DE", "invoice-postcode": "10115"}
    order = placed(shopper, shopper.post("checkout:index", {**GUEST, **near}))
    relay()
    reasons = FraudCheck.objects.get(order=order).reasons
    assert "countries" not in [one["code"] for one in reasons]


def test_an_order_that_follows_has_the_same_invoice_address():
    order = with_invoice()
    linked = order_follow(of=order, things=[], kind=LinkKind.AGAIN)
    assert invoice_fields(linked.order.billing_address) == COLUMNS
    assert linked.order.billing_address_id != order.billing_address_id


def test_strangers_see_nothing_of_it(shopper):
    order = placed(shopper, shopper.post("checkout:index", {**GUEST, **INVOICE}))
    path = reverse("checkout:thank-you", args=[order.number])
    assert Client().get(path).status_code == 404
    other = Shopper(Client())
    other.add(ProductFactory(stock=9))
    assert "rue de la Paix" not in text(other.get("checkout:index"))
