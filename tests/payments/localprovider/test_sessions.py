import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import stripe

from tests.payments.localprovider.support import KEY, session_params


def open_session(client, **changes):
    return client.v1.checkout.sessions.create(session_params(**changes))


def intent_of(client, session):
    return client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    ).payment_intent


def submit(browser, session, outcome):
    return browser.post(f"/pay/{session.id}", data={"outcome": outcome})


@pytest.mark.req("S5.04")
def test_a_session_paid_on_its_page_makes_one_charge_and_two_signed_events(
    client, browser, provider, receiver
):
    session = open_session(client)
    assert (session.status, session.payment_status, session.amount_total) == (
        "open", "unpaid", 2550,
    )  # fmt: skip
    assert session.payment_intent is None

    answer = submit(browser, session, "pay")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"https://shop.example/done?session={session.id}"
    intent = intent_of(client, session)
    assert (intent.status, intent.amount_received) == ("succeeded", 2550)
    assert intent.metadata["order"] == intent.latest_charge.metadata["order"] == "7F3K2Q"
    events = receiver.events(2)
    assert [event.type for event in events] == [
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    assert events[1].data.object.payment_status == "paid"
    assert events[1].data.object.client_reference_id == "R-7F3K2Q"
    (charge,) = provider.control.charges()
    assert (charge["amount_captured"], charge["client_reference_id"]) == (2550, "R-7F3K2Q")


@pytest.mark.parametrize(
    ("outcome", "decline_code", "words"),
    [
        ("decline", "generic_decline", "The bank declined this card."),
        ("insufficient_funds", "insufficient_funds", "not enough money"),
    ],
)
def test_after_a_decline_the_page_says_why_and_the_shopper_may_try_again(
    client, browser, receiver, outcome, decline_code, words
):
    session = open_session(client)

    answer = submit(browser, session, outcome)

    assert answer.headers["location"] == f"/pay/{session.id}"
    assert words in browser.get(f"/pay/{session.id}").text
    intent = intent_of(client, session)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.decline_code == decline_code
    assert intent.latest_charge.status == "failed"
    assert receiver.events(1)[0].type == "payment_intent.payment_failed"

    submit(browser, session, "pay")

    assert intent_of(client, session).status == "succeeded"


@pytest.mark.parametrize(("answer", "status"), [("approve", "complete"), ("refuse", "open")])
def test_the_second_factor_is_asked_on_a_page_of_its_own(client, browser, answer, status):
    session = open_session(client)

    asked = submit(browser, session, "second_factor").headers["location"]
    assert "Is this you?" in browser.get(asked).text
    assert intent_of(client, session).status == "requires_action"
    target = browser.post(asked, data={"answer": answer}).headers["location"]

    session = client.v1.checkout.sessions.retrieve(session.id)
    assert session.status == status
    if answer == "approve":
        assert target.startswith("https://shop.example/done")
    else:
        assert "not confirmed by you" in browser.get(target).text
        code = intent_of(client, session).last_payment_error.code
        assert code == "payment_intent_authentication_failure"


def test_paying_twice_makes_one_charge(client, browser, provider):
    session = open_session(client)

    first, second = submit(browser, session, "pay"), submit(browser, session, "pay")

    assert first.headers["location"] == second.headers["location"]
    assert len(provider.control.charges()) == 1
    page = browser.get(f"/pay/{session.id}").text
    assert "This payment is done" in page
    assert f"https://shop.example/done?session={session.id}" in page


@pytest.mark.req("S5.03")
def test_eight_clicks_at_once_make_one_charge(client, provider):
    session = open_session(client)
    barrier = threading.Barrier(8)

    def click(_):
        barrier.wait()
        return httpx.post(session.url, data={"outcome": "pay"}, trust_env=False).headers["location"]

    with ThreadPoolExecutor(8) as pool:
        targets = set(pool.map(click, range(8)))

    assert targets == {f"https://shop.example/done?session={session.id}"}
    assert len(provider.control.charges()) == 1


def test_a_second_tab_left_at_the_second_factor_makes_no_second_charge(client, browser, provider):
    session = open_session(client)
    asked = submit(browser, session, "second_factor").headers["location"]
    submit(browser, session, "pay")

    late = browser.post(asked, data={"answer": "approve"})

    assert late.headers["location"].startswith("https://shop.example/done")
    assert len(provider.control.charges()) == 1


def test_an_expired_session_takes_no_money_and_shows_the_way_back(client, browser, receiver):
    session = open_session(client)
    submit(browser, session, "decline")

    client.v1.checkout.sessions.expire(session.id)

    assert submit(browser, session, "pay").headers["location"] == f"/pay/{session.id}"
    page = browser.get(f"/pay/{session.id}").text
    assert "has expired" in page
    assert "https://shop.example/basket" in page
    assert intent_of(client, session).status == "canceled"
    assert [event.type for event in receiver.events(3)][1:] == [
        "payment_intent.canceled",
        "checkout.session.expired",
    ]
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        client.v1.checkout.sessions.expire(session.id)


def test_a_session_expires_by_the_clock(client, provider, receiver):
    session = open_session(client)

    provider.control.deadline(session.id, 0.05)

    (event,) = receiver.events(1)
    assert event.type == "checkout.session.expired"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_a_slow_bank_ends_later(client, provider, receiver):
    session = open_session(client)
    provider.control.pay(session.id, "processing")
    intent = intent_of(client, session)
    assert intent.status == "processing"

    provider.control.settle(intent.id, succeeded=True)

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert receiver.events(3)[2].type == "checkout.session.async_payment_succeeded"


def test_yen_have_no_cents(client, browser):
    line = {
        "quantity": 3,
        "price_data": {
            "currency": "jpy",
            "unit_amount": 1200,
            "product_data": {"name": "Tenugui"},
        },
    }
    session = open_session(client, line_items=[line], locale="en")

    assert "JP¥3,600<" in browser.get(f"/pay/{session.id}").text
    assert "¥36.00" not in browser.get(f"/pay/{session.id}").text


@pytest.mark.parametrize(
    ("locale", "lang", "words"),
    [("zh", "zh-Hans", "选择一张测试卡"), ("en", "en", "Choose a test card")],
)
def test_the_page_speaks_the_language_of_the_session(client, browser, locale, lang, words):
    session = open_session(client, locale=locale)

    page = browser.get(f"/pay/{session.id}")

    assert f'<html lang="{lang}">' in page.text
    assert words in page.text
    assert "€25.50" in page.text
    assert "R-7F3K2Q" in page.text
    assert "Corner Shop" in page.text


def test_the_page_has_nothing_inline_and_says_that_it_is_a_test(client, browser):
    page = browser.get(f"/pay/{open_session(client).id}")

    assert "No money moves" in page.text
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", page.text)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://shop.example;" in policy
    assert page.headers["cache-control"] == "no-store"


def test_pictures_of_the_lines_come_from_the_shop_alone(client, browser):
    params = session_params()
    product = params["line_items"][0]["price_data"]["product_data"]
    product["images"] = ["javascript:alert(1)", "https://shop.example/media/notebook.webp"]
    session = client.v1.checkout.sessions.create(params)

    page = browser.get(f"/pay/{session.id}")

    assert 'src="https://shop.example/media/notebook.webp"' in page.text
    assert "javascript:" not in page.text
    assert "img-src 'self' https://shop.example;" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a;b/", "//shop.example", "http://["]
)
def test_only_a_web_address_is_taken_to_send_the_shopper_to(client, url):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        open_session(client, success_url=url)

    assert (refused.value.code, refused.value.param) == ("url_invalid", "success_url")


@pytest.mark.parametrize(
    "body",
    ["a[=1", "[]=1", "a" + "[b]" * 2000 + "=1", "line_items[0]=x", "x" * 1_100_000, "%00=%ff"],
)
def test_a_malformed_body_is_a_400_and_never_a_crash(provider, body):
    answer = httpx.post(
        f"{provider.url}/v1/checkout/sessions", auth=(KEY, ""), content=body, trust_env=False
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_what_a_shopper_wrote_is_shown_as_text(client, browser):
    session = open_session(client, client_reference_id="<script>alert(1)</script>")

    assert "<script>" not in browser.get(f"/pay/{session.id}").text


def test_an_unknown_session_is_a_clear_page(browser):
    page = browser.get("/pay/cs_test_nothing")

    assert page.status_code == 404
    assert "no such payment" in page.text


def test_a_session_without_lines_or_with_a_bad_deadline_is_refused(client):
    with pytest.raises(stripe.InvalidRequestError) as no_lines:
        open_session(client, line_items=[])
    with pytest.raises(stripe.InvalidRequestError) as too_soon:
        open_session(client, expires_at=int(time.time()) + 60)

    assert no_lines.value.param == "line_items"
    assert too_soon.value.param == "expires_at"


def test_a_wrong_key_is_refused(provider):
    client = stripe.StripeClient("sk_test_other", base_addresses={"api": provider.url})

    with pytest.raises(stripe.AuthenticationError):
        client.v1.balance.retrieve()

    basic = httpx.get(f"{provider.url}/v1/balance", auth=("sk_test_local", ""), trust_env=False)
    assert basic.status_code == 200
