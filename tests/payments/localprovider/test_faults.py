import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import stripe

from payments.localprovider.config import config_read
from shop.runtime.processes import WEBHOOK_EVENTS
from tests.payments.localprovider.support import (
    KEY,
    ROOT,
    SECRET,
    Running,
    session_params,
    wait_until,
)


def hold(client, **options):
    """An intent of EUR 10.00 that waits for its capture."""
    return client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "eur",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "capture_method": "manual",
        },
        options,
    )


def paid_session(provider, client):
    session = client.v1.checkout.sessions.create(session_params())
    provider.control.pay(session.id)
    return session


def test_a_dropped_answer_leaves_the_capture_and_a_retry_learns_of_it(client, provider):
    intent = hold(client)
    provider.control.fault("drop", "payment_intents.capture")

    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.capture(intent.id, None, {"idempotency_key": "capture-1"})

    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    again = client.v1.payment_intents.capture(intent.id, None, {"idempotency_key": "capture-1"})
    assert again.amount_received == 1000
    assert provider.control.faults() == []


def test_a_refused_connection_leaves_nothing_and_the_library_retries(provider):
    provider.control.fault("refuse", "payment_intents.create", times=1)

    hold(provider.client(retries=2))

    assert len(provider.control.charges()) == 1


def test_the_answer_to_a_paid_session_can_be_lost(client, provider, browser, receiver):
    session = client.v1.checkout.sessions.create(session_params())
    provider.control.fault("drop", "checkout.sessions.pay")

    with pytest.raises(httpx.RemoteProtocolError):
        browser.post(f"/pay/{session.id}", data={"outcome": "pay"})

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert len(receiver.events(2)) == 2


def test_a_delay_and_a_hang_keep_the_caller_waiting(client, provider):
    provider.control.fault("delay", "balance.*", ms=150)
    start = time.monotonic()
    client.v1.balance.retrieve()
    assert time.monotonic() - start >= 0.15

    provider.control.fault("hang", "balance.*")
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{provider.url}/v1/balance", auth=(KEY, ""), timeout=0.2, trust_env=False)
    client.v1.balance.retrieve()


def test_a_provider_that_is_told_to_stop_lets_go_of_a_hung_request(tmp_path, receiver):
    provider = Running(tmp_path / "p.sqlite3", receiver.url)
    provider.start()
    provider.control.fault("hang", "balance.*")
    with ThreadPoolExecutor(1) as pool:
        hung = pool.submit(provider.client().v1.balance.retrieve)
        wait_until(lambda: provider.control.faults() == [], "the request did not arrive")

        provider.kill(signal.SIGTERM)

        assert isinstance(hung.exception(timeout=5), stripe.APIConnectionError)


@pytest.mark.parametrize(
    ("status", "error"), [(500, stripe.APIError), (429, stripe.RateLimitError)]
)
def test_error_answers_have_no_effect_until_cleared(client, provider, status, error):
    provider.control.fault("error", "payment_intents.*", times=None, status=status)
    for _ in range(2):
        with pytest.raises(error):
            hold(client)

    provider.control.clear()

    hold(client)
    assert len(provider.control.charges()) == 1


def test_twenty_copies_of_a_webhook_arrive(client, provider, receiver):
    provider.control.fault("webhook_duplicate", "checkout.session.completed", count=20)

    paid_session(provider, client)

    events = receiver.events(21)
    completed = [event.id for event in events if event.type == "checkout.session.completed"]
    assert len(completed) == 20
    assert len(set(completed)) == 1


def test_webhooks_arrive_out_of_order(client, provider, receiver):
    provider.control.fault("webhook_out_of_order", times=2, seconds=0.2)

    paid_session(provider, client)

    assert [event.type for event in receiver.events(2)] == [
        "checkout.session.completed",
        "payment_intent.succeeded",
    ]


def test_a_webhook_arrives_late(client, provider, receiver):
    provider.control.fault("webhook_late", "checkout.session.completed", seconds=0.3)
    start = time.monotonic()

    paid_session(provider, client)

    receiver.wait(2)
    assert time.monotonic() - start >= 0.3


@pytest.mark.parametrize("tamper", ["bad_signature", "stale", "altered"])
def test_spoilt_webhooks_fail_stripes_own_check_and_are_not_repeated(
    client, provider, receiver, tamper
):
    provider.control.fault(f"webhook_{tamper}", "checkout.session.completed")
    receiver.answers = [200, 400]

    paid_session(provider, client)

    body, signature = receiver.wait(2)[1]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, SECRET)
    wait_until(provider.delivered, "the delivery was not given up")
    assert provider.control.deliveries()[1]["state"] == "failed"


def test_a_webhook_from_the_future_carries_a_future_timestamp(client, provider, receiver):
    provider.control.fault("webhook_future", "checkout.session.completed")

    paid_session(provider, client)

    _, signature = receiver.wait(2)[1]
    assert int(signature.split(",")[0].removeprefix("t=")) > time.time() + 3000


def test_a_webhook_can_lie_about_the_amount(client, provider, receiver):
    provider.control.fault("webhook_wrong_amount", "checkout.session.completed")

    session = paid_session(provider, client)

    assert receiver.events(2)[1].data.object.amount_total == 2551
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 2550


def test_a_withheld_webhook_can_be_sent_later(client, provider, receiver):
    provider.control.fault("webhook_drop", "checkout.session.completed")
    paid_session(provider, client)
    receiver.wait(1)
    (event,) = client.v1.events.list({"type": "checkout.session.completed"}).data
    assert [row["state"] for row in provider.control.deliveries()][1] == "withheld"

    provider.control.resend(event.id)

    assert receiver.events(2)[1].id == event.id


def test_a_webhook_is_repeated_until_the_shop_takes_it(client, provider, receiver):
    receiver.answers = [500, 200, 503]

    paid_session(provider, client)

    bodies = [json.loads(body)["id"] for body, _ in receiver.wait(4)]
    assert len(set(bodies)) == 2
    wait_until(provider.delivered, "the webhooks were not delivered")
    assert {row["state"] for row in provider.control.deliveries()} == {"delivered"}


def test_only_the_events_that_were_asked_for_are_sent(tmp_path, receiver):
    provider = Running(tmp_path / "p.sqlite3", receiver.url, ",".join(WEBHOOK_EVENTS))
    provider.start()
    try:
        paid_session(provider, provider.client())
        held = hold(provider.client())
        provider.client().v1.payment_intents.capture(held.id)

        told = [event.type for event in receiver.events(2)]
        assert told == ["checkout.session.completed", "charge.captured"]
        known = [event["type"] for event in provider.control.events()]
        assert known.count("payment_intent.succeeded") == 2
        assert len(provider.control.deliveries()) == 2
    finally:
        provider.kill()


def test_a_fault_is_forgotten_with_the_call_that_was_refused(provider, client):
    provider.control.fault("error", "balance.*")
    provider.control.clear()
    client.v1.balance.retrieve()
    provider.control.fault("error", "balance.*")

    with pytest.raises(stripe.APIError):
        client.v1.balance.retrieve()
    client.v1.balance.retrieve()

    assert provider.control.faults() == []


def test_a_killed_provider_keeps_its_state_and_goes_on_delivering(tmp_path, receiver):
    provider = Running(tmp_path / "p.sqlite3", receiver.url)
    provider.start()
    client = provider.client()
    provider.control.fault("webhook_late", "checkout.session.completed", seconds=0.5)
    session = paid_session(provider, client)
    wait_until(
        lambda: provider.control.deliveries()[0]["state"] == "delivered",
        "the first webhook was not delivered",
    )

    provider.kill(signal.SIGKILL)
    provider.start()

    events = receiver.events(2)
    assert events[1].data.object.id == session.id
    session = provider.client().v1.checkout.sessions.retrieve(session.id)
    assert session.payment_status == "paid"
    assert provider.kill(signal.SIGTERM) in {0, -signal.SIGTERM}


def test_unknown_faults_and_strangers_are_refused(provider):
    with pytest.raises(httpx.HTTPStatusError):
        provider.control.fault("explode")
    with pytest.raises(httpx.HTTPStatusError):
        provider.control.fault("delay", ms=-1)

    answer = httpx.get(f"{provider.url}/_control/charges", trust_env=False)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--host", "0.0.0.0"], "not a loopback address"),
        (["--secret-key", "sk_live_x"], "takes no live key"),
        (["--webhook-secret", "x"], "must begin with whsec_"),
        (["--port", "0"], "between 1 and 65535"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path, capsys, flags, words):
    settings = {
        "--data": str(tmp_path / "p.sqlite3"),
        "--secret-key": KEY,
        "--webhook-secret": SECRET,
    }
    settings.update([flags])

    with pytest.raises(SystemExit) as stopped:
        config_read([word for pair in settings.items() for word in pair])

    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


def test_two_providers_do_not_share_a_file(provider):
    command = [sys.executable, "-m", "payments.localprovider", "--secret-key", KEY]
    command += ["--webhook-secret", SECRET, "--data", str(provider.data)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)

    assert done.returncode == 1
    assert "another provider" in done.stderr
