"""Cards through Stripe's hosted checkout. The local provider speaks the same API, so the demo and
a live shop run this very code; which of them is asked is decided by STRIPE_API_BASE.

Source: docs.stripe.com/api, checkout sessions with ``mode=payment``.
"""

import contextlib
import datetime as dt
import functools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote_plus

import stripe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stripe.params import PaymentIntentCaptureParams
from stripe.params.checkout import SessionCreateParams

from payments.exceptions import GatewayRefused, GatewayUnavailable, WebhookInvalid
from payments.gateways.base import Opened, ProviderCharge, ProviderState, Refunded, WebhookNews
from payments.gateways.stripe_http import PooledClient
from payments.models import PaymentIntent
from shop.core.money import from_minor, to_minor

T = TypeVar("T")

SESSIONS = "/v1/checkout/sessions"
TIMEOUT_SECONDS = 8
NETWORK_RETRIES = 1
WEBHOOK_TOLERANCE_SECONDS = 300
EVENT_ID_LENGTH = 200  # of the column that keeps it
SHORTEST_SESSION = dt.timedelta(minutes=31)  # Stripe asks for 30, and clocks differ

# Only these are a no for good. No answer, a lock (409), too many calls (429), a key that is being
# changed (401, 403) and every 5xx say nothing about the money: the same call is made again.
REFUSALS = frozenset({400, 402, 404})

PI_STATES = {
    "requires_capture": "authorised",
    "succeeded": "captured",
    "canceled": "cancelled",
}


def _translated(call: Callable[..., T]) -> Callable[..., T]:
    """Stripe's many errors as our two."""

    @functools.wraps(call)
    def inner(*args: Any, **kwargs: Any) -> T:
        try:
            return call(*args, **kwargs)
        except stripe.StripeError as error:
            if error.http_status in REFUSALS:
                raise GatewayRefused(error.user_message or str(error)) from error
            raise GatewayUnavailable(f"{type(error).__name__} {error.http_status}") from error

    return inner


class StripeGateway:
    code = "stripe"
    label = _("Card")
    help = _("Visa, Mastercard, American Express. You pay on a secure page and come back here.")
    icon = "card"
    currencies: frozenset[str] = frozenset()
    home_language = webhook_answer = ""
    is_hosted = True
    ships_before_capture = False
    can_authorise = True
    can_capture_in_parts = True  # where the card allows it; else once, and the rest is released

    @property
    def is_ready(self) -> bool:
        return bool(settings.STRIPE_SECRET_KEY)

    @property
    def hold_minutes(self) -> int:
        return settings.PAYMENT_HOLD_MINUTES

    @_translated
    def open(self, intent: PaymentIntent) -> Opened:
        key = str(intent.key)
        back = settings.PUBLIC_URL + reverse("payment-return", args=[intent.key])
        params: SessionCreateParams = {
            "mode": "payment",
            "client_reference_id": intent.order_number,
            "locale": "zh" if intent.language.startswith("zh") else "en",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": intent.currency.lower(),
                        "unit_amount": to_minor(intent.amount, intent.currency),
                        "product_data": {
                            "name": f"{settings.OSCAR_SHOP_NAME} {intent.order_number}"
                        },
                    },
                }
            ],
            "metadata": {"intent": key},
            "payment_intent_data": {
                "capture_method": "manual" if intent.is_taken_at_shipment else "automatic",
                "metadata": {"intent": key, "order_number": intent.order_number},
            },
            "success_url": back,
            "cancel_url": back,
        }
        if intent.is_taken_at_shipment:
            params["payment_method_options"] = {"card": {"request_multicapture": "if_available"}}
        if intent.email:
            params["customer_email"] = intent.email
        once = f"open-{key}"
        if intent.expires_at and intent.expires_at > timezone.now() + SHORTEST_SESSION:
            params["expires_at"] = int(intent.expires_at.timestamp())
        else:
            # Opened late: Stripe would refuse so near an end. The hold ends by our clock, which
            # closes the session. Other parameters need another key.
            once = f"open-late-{key}"
        session = self._said("post", SESSIONS, idempotency_key=once, **params)
        return Opened(reference=session["id"], pay_url=session.get("url") or "")

    @_translated
    def fetch(self, intent: PaymentIntent) -> ProviderState:
        address = f"{SESSIONS}/{quote_plus(intent.reference)}"
        return _state_of(self._said("get", address, expand=["payment_intent.latest_charge"]))

    @_translated
    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        self._client.v1.payment_intents.capture(
            self._payment_intent_id(intent),
            {"amount_to_capture": to_minor(amount, intent.currency)},
            {"idempotency_key": f"capture-{intent.key}"},
        )
        return self.fetch(intent)

    @_translated
    def capture_part(
        self, intent: PaymentIntent, *, amount: Decimal, key: str, is_final: bool, number: int
    ) -> ProviderState:
        """Look before taking: the key is forgotten after a day. A charge has one number however often
        it is captured, so the captures after the first are told apart by theirs: ``pi_…/2``."""
        state = self.fetch(intent)
        if state.amount_captured < intent.amount_captured + amount:
            params: PaymentIntentCaptureParams = {
                "amount_to_capture": to_minor(amount, intent.currency)
            }
            if intent.is_taken_in_parts:  # Stripe knows the parameter of such cards alone
                params["final_capture"] = is_final
            self._client.v1.payment_intents.capture(
                state.reference, params, {"idempotency_key": f"capture-{key}"}
            )
            state = self.fetch(intent)
        reference = state.reference if number == 1 else f"{state.reference}/{number}"
        return replace(state, reference=reference)

    @_translated
    def cancel(self, intent: PaymentIntent) -> ProviderState:
        """Close the session if it is still open; whatever is true afterwards is the answer."""
        state = self.fetch(intent)
        if state.state == "open":
            # It may be paid or expired in between; fetch says which.
            with contextlib.suppress(stripe.InvalidRequestError):
                self._client.v1.checkout.sessions.expire(intent.reference)
            state = self.fetch(intent)
        elif state.state == "authorised" and state.amount_captured:
            # One that was taken in part ends by a last capture of nothing.
            self._client.v1.payment_intents.capture(
                state.reference,
                {"amount_to_capture": 0, "final_capture": True},
                {"idempotency_key": f"release-{intent.key}"},
            )
            state = self.fetch(intent)
        elif state.state == "authorised":
            self._client.v1.payment_intents.cancel(self._payment_intent_id(intent))
            state = self.fetch(intent)
        return state

    @_translated
    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        """Look before paying: an idempotency key is forgotten after a day and repeats its first
        answer until then, so it can neither prove that a refund was made nor that it is done."""
        payment = self._payment_intent_id(intent)
        refund = self._refund_of(payment, key) or self._client.v1.refunds.create(
            {
                "payment_intent": payment,
                "amount": to_minor(amount, intent.currency),
                "metadata": {"refund": key},
            },
            {"idempotency_key": f"refund-{key}"},
        )
        if refund.status in {"failed", "canceled"}:
            raise GatewayRefused(f"refund {refund.status}")
        return Refunded(reference=refund.id, is_done=refund.status == "succeeded")

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        signature = headers.get("Stripe-Signature", "")
        if not settings.STRIPE_WEBHOOK_SECRET:
            raise WebhookInvalid("no webhook secret is set, so nobody can have signed this")
        try:  # as ``construct_event``, but for the objects that it makes of all that is in a message
            stripe.WebhookSignature.verify_header(
                body, signature, settings.STRIPE_WEBHOOK_SECRET, WEBHOOK_TOLERANCE_SECONDS
            )
            event = json.loads(body)
        except (ValueError, RecursionError, stripe.SignatureVerificationError) as error:
            raise WebhookInvalid(str(error)) from error
        if _signed_at(signature) > time.time() + WEBHOOK_TOLERANCE_SECONDS:
            raise WebhookInvalid("signed in the future")
        return _news_of(event)

    @_translated
    def charges(self, *, created_after: int) -> list[ProviderCharge]:
        """Every captured charge since ``created_after`` (Unix seconds), for reconciliation."""
        page = self._client.v1.charges.list({"created": {"gte": created_after}, "limit": 100})
        return [_charge_of(one) for one in page.auto_paging_iter() if one.amount_captured]

    @property
    def _client(self) -> stripe.StripeClient:
        return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)

    def _said(self, method: str, address: str, **params: Any) -> dict[str, Any]:
        """The answer as it came. The library's objects take as long to make as the call itself."""
        said: Any = self._client.raw_request(method, address, **params)
        known: dict[str, Any] = said.data
        return known

    def _payment_intent_id(self, intent: PaymentIntent) -> str:
        session = self._client.v1.checkout.sessions.retrieve(intent.reference)
        return str(session.payment_intent)

    def _refund_of(self, payment: str, key: str) -> stripe.Refund | None:
        refunds = self._client.v1.refunds.list({"payment_intent": payment, "limit": 100})
        for refund in refunds.auto_paging_iter():
            if refund.metadata and "refund" in refund.metadata and refund.metadata["refund"] == key:
                return refund
        return None


def _state_of(session: dict[str, Any]) -> ProviderState:
    """``session``: with its payment and that one's charge in it."""
    currency = (session.get("currency") or "").upper()
    is_expired = session.get("status") == "expired"
    payment = _inside(session, "payment_intent")
    if not payment:
        return ProviderState(state="cancelled" if is_expired else "open", currency=currency)
    state = PI_STATES.get(payment["status"], "open")
    if state == "open" and is_expired:
        state = "cancelled"
    charge = _inside(payment, "latest_charge")
    captured = payment.get("amount_received") or 0
    capturable = 0 if state == "captured" else payment.get("amount_capturable") or 0
    return ProviderState(
        state=state,
        currency=currency,
        amount_authorised=from_minor(captured + capturable, currency),
        amount_captured=from_minor(captured, currency),
        amount_refunded=from_minor(charge.get("amount_refunded") or 0, currency),
        reference=payment["id"],
        **_card_of(_inside(_inside(charge, "payment_method_details"), "card")),
    )


def _inside(known: dict[str, Any], name: str) -> dict[str, Any]:
    """What stands there whole; empty where there is nothing, or only its id."""
    found = known.get(name)
    return found if isinstance(found, dict) else {}


def _card_of(card: dict[str, Any]) -> dict[str, Any]:
    """What is told of the card that paid; nothing of what is no card.

    It may be captured more than once where Stripe was asked for that and its bank agrees.
    """
    return {
        "card": str(card.get("fingerprint") or ""),
        "card_country": str(card.get("country") or ""),
        "can_capture_in_parts": _inside(card, "multicapture").get("status") == "available",
    }


def _charge_of(charge: stripe.Charge) -> ProviderCharge:
    currency = charge.currency.upper()
    metadata = charge.metadata.to_dict() if charge.metadata else {}
    return ProviderCharge(
        reference=charge.id,
        intent_key=metadata.get("intent", ""),
        order_number=metadata.get("order_number", ""),
        currency=currency,
        amount_captured=from_minor(charge.amount_captured, currency),
        amount_refunded=from_minor(charge.amount_refunded, currency),
        created_at=dt.datetime.fromtimestamp(charge.created, dt.UTC),
    )


def _signed_at(signature: str) -> int:
    """The time in a signature that was verified; Stripe's library looks at its age only."""
    fields = dict(part.split("=", 1) for part in signature.split(",") if "=" in part)
    return int(fields["t"])


@functools.lru_cache(maxsize=4)
def _client(secret_key: str, api_base: str) -> stripe.StripeClient:
    """One client (and connection pool) per key and address."""
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base} if api_base else {},
        http_client=PooledClient(
            address=api_base or stripe.DEFAULT_API_BASE, timeout=TIMEOUT_SECONDS
        ),
        max_network_retries=NETWORK_RETRIES,
    )


def _news_of(event: Any) -> WebhookNews:
    """What the message is about. Raises ``WebhookInvalid`` for anything that is not an event."""
    if not isinstance(event, dict) or event.get("object") != "event":
        raise WebhookInvalid("signed, but not an event")
    about = _inside(event, "data").get("object")
    if not isinstance(about, dict):
        raise WebhookInvalid("signed, but about nothing")
    key = str(_inside(about, "metadata").get("intent") or "")
    event_id: Any = event.get("id")
    kind: Any = event.get("type")
    for text in (event_id, kind, key):
        if not isinstance(text, str) or "\0" in text:
            raise WebhookInvalid("signed, but not an event that can be kept")
    if not 0 < len(event_id) <= EVENT_ID_LENGTH:
        raise WebhookInvalid("signed, but not an event that can be kept")
    return WebhookNews(event_id=event_id, kind=kind, reference=key)
