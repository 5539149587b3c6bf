"""Forms of the checkout that nobody has sent yet are drawn once, and hold nothing of who fills them in."""

import re

import pytest
from django.core import signing
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from orders.basket.models import Basket
from orders.checkout.forms import AddressForm, GuestForm
from orders.quotes import quote_make
from shop.core import fragments
from shop.core.fragments import FragmentStore
from tests.factories import CountryFactory, ProductFactory
from tests.flows.shopper import CHINA, GERMANY, Shopper
from tests.sales import basket_with

pytestmark = pytest.mark.django_db
WRITTEN = {
    "first_name": 'Ada "the" <b>',
    "last_name": "O'Neill & \ue000line1\ue000",
    "line1": "1 Long Road",
    "line4": "{{ csrf_token }}",
    "postcode": "94103",
    "state": "CA",
}


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "store", FragmentStore())


@pytest.fixture(autouse=True)
def _countries() -> None:
    for code in ("DE", "CN", "US", "JP", "GB", "BR"):
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)


def _shown(form: AddressForm, *, is_kept: bool) -> str:
    tag = (
        "{% load addresses %}{% address_kept form %}"
        if is_kept
        else "{% include 'oscar/checkout/_address_written.html' with path=request.path %}"
    )
    request = RequestFactory().get("/checkout/")
    return " ".join(Template(tag).render(Context({"form": form, "request": request})).split())


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("country", ["DE", "CN", "US", "JP", "GB", "BR", "??"])
@pytest.mark.parametrize("initial", [{}, WRITTEN, {"state": "东京"}, {"line2": "", "line1": None}])
def test_a_kept_form_looks_as_one_that_is_drawn(country, language, initial):
    with override(language):
        for _ in range(2):
            form = AddressForm(initial=initial, country=country)
            assert _shown(form, is_kept=True) == _shown(form, is_kept=False)


def test_the_marks_of_another_form_stay_as_they_are():
    form = AddressForm(initial={}, country="US", auto_id="address_%s")
    assert 'id="address_line1"' in _shown(form, is_kept=True)


def test_what_somebody_writes_is_in_no_kept_form_and_in_nobody_elses():
    first = _shown(AddressForm(initial={"line1": "Hidden Lane 1"}, country="DE"), is_kept=True)
    kept = len(fragments.store)
    other = _shown(AddressForm(initial={"line1": "Open Road 2"}, country="DE"), is_kept=True)

    assert "Hidden Lane 1" in first
    assert "Open Road 2" in other
    assert "Hidden" not in other
    assert len(fragments.store) == kept, "one form for all that is written"
    assert not any("Hidden" in html for html in fragments.store._kept.values())
    assert not any("Hidden" in str(key) for key in fragments.store._kept)


def test_a_choice_that_is_not_offered_is_not_kept_either():
    _shown(AddressForm(initial={"state": "Nowhere"}, country="US"), is_kept=True)
    kept = len(fragments.store)
    for number in range(3):
        _shown(AddressForm(initial={"state": f"Nowhere {number}"}, country="US"), is_kept=True)
    assert len(fragments.store) == kept


def test_two_guests_meet_their_own_details_alone():
    guests = [Shopper(Client()), Shopper(Client())]
    names = ["Ada", "Grace"]
    for guest, name in zip(guests, names, strict=True):
        guest.add(ProductFactory(stock=9))
        guest.to_preview(email=f"{name}@example.com", address={**GERMANY, "first_name": name})
    pages = [guest.client.get("/checkout/").content.decode() for guest in guests]
    for page, own, other in zip(pages, names, reversed(names), strict=True):
        assert f'value="{own}@example.com"' in page
        assert f'value="{own}"' in page
        assert other not in page
    assert not any("Ada" in html or "Grace" in html for html in fragments.store._kept.values())


def test_what_is_wrong_is_said_to_the_one_who_wrote_it(client):
    shopper = Shopper(client)
    shopper.add(ProductFactory(stock=9))
    refused = client.post("/checkout/", {**GERMANY, "email": "nobody", "postcode": "1"})
    assert refused.status_code == 422
    assert refused.content.decode().count('aria-invalid="true"') == 2
    assert 'aria-invalid="true"' not in client.get("/checkout/").content.decode()


def test_forms_share_their_fields_and_nothing_else():
    one, other = AddressForm(CHINA, country="CN"), AddressForm(country="CN")
    assert one.fields is not other.fields
    assert one.fields["line1"] is other.fields["line1"]
    assert one.is_valid()
    assert not other.is_bound
    del one.fields["line1"]
    assert "line1" in other.fields
    assert GuestForm().fields["email"] is GuestForm().fields["email"]
    assert AddressForm(country="DE").fields["line1"] is not other.fields["line1"]


def test_regions_are_named_in_the_language_of_the_reader():
    def first() -> str:
        return AddressForm(country="CN").fields["state"].choices[1][1]

    english = first()
    with override("zh-hans"):
        assert first() != english
    assert first() == english


def test_a_country_that_is_added_is_offered_at_once(client, django_capture_on_commit_callbacks):
    assert "XX" not in dict(AddressForm().countries)
    with django_capture_on_commit_callbacks(execute=True):
        CountryFactory(iso_3166_1_a2="XX", printable_name="Nowhere", name="Nowhere")
    assert "XX" in dict(AddressForm().countries)


def test_the_last_page_is_the_shoppers_own_and_the_store_holds_nothing_of_it():
    lamp = ProductFactory(title_en="Reading lamp", stock=9)
    names = ["Ada", "Grace"]
    pages = []
    for units, name in enumerate(names, start=2):
        guest = Shopper(Client())
        guest.add(lamp, units)
        address = {**GERMANY, "first_name": name, "line1": f"{name} Street <1>"}
        pages.append(guest.to_preview(email=f"{name}@example.com", address=address))
        kept = len(fragments.store)
    texts = [page.content.decode() for page in pages]

    for text, own, other in zip(texts, names, reversed(names), strict=True):
        assert f"{own}@example.com" in text
        assert f"{own} Street &lt;1&gt;" in text
        assert other not in text
    tokens = [set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', text)) for text in texts]
    assert [len(one) for one in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
    proofs = [dict(re.findall(r'name="(shown-\w+)" value="([^"]+)"', text)) for text in texts]
    assert len(proofs[0]) > 1
    assert set(proofs[0].values()).isdisjoint(proofs[1].values())
    for html in fragments.store._kept.values():
        assert not any(one in html for one in [*names, *proofs[0].values(), *proofs[1].values()])
    guest = Shopper(Client())
    guest.add(lamp, 3)
    guest.to_preview(email="third@example.com", address={**GERMANY, "first_name": "Third"})
    assert len(fragments.store) == kept, "a shopper more is no fragment more"


def test_one_proof_is_good_for_the_ways_to_pay_that_it_was_made_for(client):
    basket = basket_with({ProductFactory(stock=9): 2})
    quote = quote_make(basket=basket, shipping_fields=None, shipping_code=None)
    shown = quote.fingerprint_of(one for one in ["stripe", "cod"])
    for method in ["stripe", "cod"]:
        quote.payment_method = method
        assert quote.is_what_was_shown(shown)
        assert quote.is_what_was_shown(quote.fingerprint())
        assert not quote.is_what_was_shown(shown[:-1])
    for method in ["another", "", "str"]:
        quote.payment_method = method
        assert not quote.is_what_was_shown(shown)
        assert quote.is_what_was_shown(quote.fingerprint())
    quote.payment_method = "stripe"
    basket.lines.update(quantity=3)
    assert not quote_make(
        basket=Basket.objects.get(pk=basket.pk),
        shipping_fields=None,
        shipping_code=None,
        payment_method="stripe",
    ).is_what_was_shown(shown)


@pytest.mark.parametrize("said", ["", "text", 7, None, [], {}, ["a"], [["a"], "stripe"]])
def test_a_proof_of_another_shape_proves_nothing(client, said):
    basket = basket_with({ProductFactory(stock=9): 2})
    quote = quote_make(
        basket=basket, shipping_fields=None, shipping_code=None, payment_method="stripe"
    )
    assert not quote.is_what_was_shown(signing.dumps(said, salt="orders.quote"))


def test_no_step_asks_the_database_for_countries(client):
    shopper = Shopper(client)
    shopper.add(ProductFactory(stock=9))
    shopper.to_preview()  # what a process keeps is read by now

    with CaptureQueriesContext(connection) as seen:
        assert client.get("/checkout/").status_code == 200
        shopper.to_preview()
    assert not any("address_country" in one["sql"] for one in seen)
