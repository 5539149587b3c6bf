"""Forms of the checkout that nobody has sent yet are drawn once, and hold nothing of who fills them in."""

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils.translation import override

from orders.checkout.forms import AddressForm, GuestForm
from shop.core import fragments
from shop.core.fragments import FragmentStore
from tests.factories import CountryFactory, ProductFactory
from tests.flows.shopper import CHINA, GERMANY, Shopper

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
