import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.payments.localprovider.support import session_params


def pay(client, amount=1000, **changes):
    params = {
        "amount": amount,
        "currency": "eur",
        "payment_method": "pm_card_visa",
        "confirm": True,
        **changes,
    }
    return client.v1.payment_intents.create(params)


def test_authorise_then_capture_a_part_and_the_rest_is_released(client, receiver):
    intent = pay(client, capture_method="manual")
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 1000)

    with pytest.raises(stripe.InvalidRequestError, match="greater than the amount capturable"):
        client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1001})
    intent = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 700})

    assert (intent.status, intent.amount_received) == ("succeeded", 700)
    assert intent.amount_capturable == 0
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.payment_intents.capture(intent.id)
    assert again.value.code == "payment_intent_unexpected_state"
    assert [event.type for event in receiver.events(3)] == [
        "payment_intent.amount_capturable_updated",
        "payment_intent.succeeded",
        "charge.captured",
    ]


def test_a_session_to_be_captured_by_hand_is_complete_but_unpaid_until_then(client, provider):
    params = session_params(payment_intent_data={"capture_method": "manual"})
    session = client.v1.checkout.sessions.create(params)

    paid = provider.control.pay(session.id)
    assert (paid["status"], paid["payment_status"]) == ("complete", "unpaid")
    client.v1.payment_intents.capture(paid["payment_intent"])

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_cancel_releases_and_cannot_be_undone(client, provider, receiver):
    intent = pay(client, capture_method="manual")

    canceled = client.v1.payment_intents.cancel(
        intent.id, {"cancellation_reason": "requested_by_customer"}
    )

    assert canceled.status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="status of canceled"):
        client.v1.payment_intents.capture(intent.id)
    (charge,) = provider.control.charges()
    assert charge["released"]
    assert charge["amount_captured"] == 0
    assert receiver.events(2)[1].type == "payment_intent.canceled"


@pytest.mark.parametrize(
    ("method", "decline_code"),
    [
        ("pm_card_chargeDeclined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ],
)
def test_a_declined_card_raises_a_card_error_and_leaves_a_failed_charge(
    client, provider, method, decline_code
):
    with pytest.raises(stripe.CardError) as declined:
        pay(client, payment_method=method)

    assert declined.value.http_status == 402
    assert declined.value.code == "card_declined"
    assert declined.value.error.decline_code == decline_code
    assert declined.value.error.payment_intent.status == "requires_payment_method"
    (charge,) = provider.control.charges()
    assert (charge["status"], charge["amount_captured"]) == ("failed", 0)


def test_an_intent_that_needs_a_second_factor_points_to_a_page(client, browser):
    intent = pay(
        client,
        payment_method="pm_card_authenticationRequired",
        return_url="https://shop.example/back?a=1",
    )
    assert intent.status == "requires_action"
    page = intent.next_action.redirect_to_url.url

    answer = browser.post(page, data={"answer": "approve"})

    assert answer.headers["location"] == (
        f"https://shop.example/back?a=1&payment_intent={intent.id}&redirect_status=succeeded"
    )
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_refunds_never_pass_what_was_captured(client, provider, receiver):
    intent = pay(client)
    first = client.v1.refunds.create(
        {"payment_intent": intent.id, "amount": 400, "metadata": {"return": "RMA-1"}}
    )

    with pytest.raises(stripe.InvalidRequestError) as too_much:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 601})
    client.v1.refunds.create({"charge": intent.latest_charge, "reason": "duplicate"})
    with pytest.raises(stripe.InvalidRequestError) as none_left:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 1})

    assert (first.status, first.amount, first.metadata["return"]) == ("succeeded", 400, "RMA-1")
    assert too_much.value.param == "amount"
    assert none_left.value.code == "charge_already_refunded"
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (1000, True)
    assert client.v1.balance.retrieve().available[0].amount == 0
    moves = client.v1.balance_transactions.list().data
    assert [move.amount for move in moves] == [-600, -400, 1000]
    types = [event.type for event in receiver.events(5)]
    assert types.count("charge.refunded") == types.count("refund.created") == 2


def test_refunds_at_once_never_pass_what_was_captured(client, provider):
    intent = pay(client)

    def refund(_):
        try:
            return client.v1.refunds.create({"payment_intent": intent.id, "amount": 300}).amount
        except stripe.InvalidRequestError:
            return 0

    with ThreadPoolExecutor(8) as pool:
        amounts = list(pool.map(refund, range(8)))

    assert sum(amounts) == 900
    assert provider.control.charges()[0]["amount_refunded"] == 900


def test_nothing_is_refunded_that_was_not_captured(client):
    held = pay(client, capture_method="manual")
    unpaid = client.v1.payment_intents.create({"amount": 500, "currency": "eur"})

    for intent in (held, unpaid):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create({"payment_intent": intent.id})


@pytest.mark.req("S5.03")
def test_twenty_requests_at_once_with_one_key_make_one_charge(provider):
    barrier = threading.Barrier(20)

    def create(_):
        client = provider.client()
        barrier.wait()
        return client.v1.payment_intents.create(
            {
                "amount": 1000,
                "currency": "eur",
                "payment_method": "pm_card_visa",
                "confirm": True,
            },
            {"idempotency_key": "order-1"},
        ).id

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(create, range(20)))

    assert len(ids) == 1
    assert len(provider.control.charges()) == 1


def test_one_key_with_other_parameters_is_refused(client, provider):
    client.v1.payment_intents.create(
        {"amount": 1000, "currency": "eur"}, {"idempotency_key": "order-1"}
    )

    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create(
            {"amount": 2000, "currency": "eur"}, {"idempotency_key": "order-1"}
        )

    assert len(client.v1.payment_intents.list().data) == 1


def test_a_decline_is_repeated_for_its_key_and_not_tried_again(client, provider):
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.create(
                {
                    "amount": 1000,
                    "currency": "eur",
                    "payment_method": "pm_card_chargeDeclined",
                    "confirm": True,
                },
                {"idempotency_key": "order-1"},
            )

    assert len(provider.control.charges()) == 1


def test_a_wrong_request_does_not_use_up_its_key(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(
            {"amount": -1, "currency": "eur"}, {"idempotency_key": "order-1"}
        )

    made = client.v1.payment_intents.create(
        {"amount": 1, "currency": "eur"}, {"idempotency_key": "order-1"}
    )
    assert made.amount == 1


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"currency": "eur"}, "amount"),
        ({"amount": 0, "currency": "eur"}, "amount"),
        ({"amount": "1.5", "currency": "eur"}, "amount"),
        ({"amount": "１０", "currency": "eur"}, "amount"),
        ({"amount": 10**30, "currency": "eur"}, "amount"),
        ({"amount": 10}, "currency"),
        ({"amount": 10, "currency": "euro"}, "currency"),
        ({"amount": 10, "currency": "eur", "metadata": {"k": "x" * 501}}, "metadata[k]"),
        ({"amount": 10, "currency": "eur", "capture_method": "later"}, "capture_method"),
        ({"amount": 10, "currency": "eur", "expand": ["nothing"]}, "expand"),
        ({"amount": 10, "currency": "eur", "expand": ["id"]}, "expand"),
        ({"amount": 10, "currency": "eur", "return_url": "http://[::1"}, "return_url"),
    ],
)
def test_wrong_parameters_are_named(client, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create(params)

    assert refused.value.param == param
    assert client.v1.payment_intents.list().data == []


def test_lists_page_through_everything_newest_first(client):
    made = [
        client.v1.payment_intents.create({"amount": n, "currency": "eur"}).amount
        for n in range(1, 8)
    ]

    listed = client.v1.payment_intents.list({"limit": 3})

    assert listed.has_more
    assert [intent.amount for intent in listed.auto_paging_iter()] == made[::-1]
    assert client.v1.payment_intents.list({"created": {"gt": 4_000_000_000}}).data == []


def test_an_unknown_object_is_a_404(client):
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.payment_intents.retrieve("pi_nothing")

    assert (unknown.value.http_status, unknown.value.code) == (404, "resource_missing")
    assert unknown.value.request_id.startswith("req_")
