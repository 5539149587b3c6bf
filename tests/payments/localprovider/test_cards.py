"""Cards from abroad: their numbers are Stripe's, and their country is told."""

import sqlite3
from contextlib import closing

import httpx
import pytest

from payments.localprovider.cards import CARDS, HOME, HOSTED_METHODS, NUMBERS, PAYMENT_METHODS
from payments.localprovider.store import Store
from payments.localprovider.words import WORDS
from tests.payments.localprovider.support import session_params

pytestmark = pytest.mark.req("S5.04")


def card_of(client, session) -> dict:
    read = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )
    return read.payment_intent.latest_charge.payment_method_details.card


def is_card_number(number: str) -> bool:
    """By its last digit (Luhn)."""
    digits = [int(one) for one in reversed(number)]
    return sum(sum(divmod(one * (1 + at % 2), 10)) for at, one in enumerate(digits)) % 10 == 0


def test_every_country_has_a_number_a_name_and_a_payment_method() -> None:
    assert all(is_card_number(number) and len(number) == 16 for number in NUMBERS.values())
    for words in WORDS.values():
        assert {f"country_{code}" for code in NUMBERS} <= words.keys()
    abroad = [code for code in NUMBERS if code != HOME]
    assert {CARDS[PAYMENT_METHODS[f"pm_card_{code.lower()}"]].country for code in abroad} == set(
        abroad
    )
    assert set(HOSTED_METHODS) == set(CARDS)


def test_the_page_asks_where_the_card_is_from_and_the_charge_says_it(client, provider) -> None:
    session = client.v1.checkout.sessions.create(session_params())
    with httpx.Client(base_url=provider.url, trust_env=False) as browser:
        page = browser.get(f"/pay/{session.id}").text
        assert "United Kingdom · 4000 0082 6000 0000" in page
        form = {"outcome": "pay", "country": "GB"}
        assert browser.post(f"/pay/{session.id}", data=form).status_code == 303

    card = card_of(client, session)
    assert (card.country, card.last4) == ("GB", "0000")


@pytest.mark.parametrize(("outcome", "country"), [("pay", "DE"), ("pay", "XX"), ("decline", "GB")])
def test_a_country_is_of_the_card_that_pays_alone(client, provider, outcome, country) -> None:
    session = client.v1.checkout.sessions.create(session_params())
    form = {"outcome": outcome, "country": country}
    httpx.post(f"{provider.url}/pay/{session.id}", data=form, trust_env=False)

    card = card_of(client, session)
    assert (card.country, card.last4) == (HOME, CARDS[outcome].last4)


def test_a_card_from_abroad_is_the_same_card_whoever_pays(client, provider) -> None:
    prints: dict[str, set[str]] = {"pay": set(), "pay_GB": set()}
    for outcome, found in prints.items():
        for email in ("ada@example.com", "bea@example.com"):
            session = client.v1.checkout.sessions.create(session_params(customer_email=email))
            provider.control.pay(session.id, outcome)
            found.add(card_of(client, session).fingerprint)

    assert [len(found) for found in prints.values()] == [2, 1]


def test_a_file_of_earlier_times_gets_the_country(tmp_path) -> None:
    path = tmp_path / "provider.sqlite3"
    Store(path).close()
    with closing(sqlite3.connect(path)) as old:
        old.execute("ALTER TABLE charges DROP COLUMN country")

    store = Store(path)
    columns = {row["name"] for row in store.all("PRAGMA table_info(charges)")}
    store.close()
    assert "country" in columns
