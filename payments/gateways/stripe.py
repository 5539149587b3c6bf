"""Cards through Stripe's hosted checkout. The local provider speaks the same API, so the demo and
a live shop run this very code; which of them is asked is decided by STRIPE_API_BASE.

Source: docs.stripe.com/api, checkout sessions with ``mode=payment``.
"""

import functools
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import stripe
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from payments.exceptions import GatewayRefused, GatewayUnavailable, WebhookInvalid
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.models import PaymentIntent
from shop.core.money import from_minor, to_minor

T = TypeVar("T")

TIMEOUT_SECONDS = 8
NETWORK_RETRIES = 1
WEBHOOK_TOLERANCE_SECONDS = 300

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
        except (stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise GatewayUnavailable(type(error).__name__) from error
        except stripe.StripeError as error:
            if (error.http_status or 500) >= 500:
                raise GatewayUnavailable(f"HTTP {error.http_status}") from error
            raise GatewayRefused(error.user_message or str(error)) from error

    return inner


class StripeGateway:
    code = "stripe"
    label = _("Card")
    help = _("Visa, Mastercard, American Express. You pay on a secure page and come back here.")
    is_hosted = True
    ships_before_capture = False

    @property
    def hold_minutes(self) -> int:
        return settings.PAYMENT_HOLD_MINUTES

    @_translated
    def open(self, intent: PaymentIntent) -> Opened:
        back = settings.PUBLIC_URL + reverse("payment-return", args=[intent.key])
        params: dict[str, Any] = {
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
            "metadata": {"intent": str(intent.key), "order_number": intent.order_number},
            "payment_intent_data": {
                "metadata": {"intent": str(intent.key), "order_number": intent.order_number}
            },
            "success_url": back,
            "cancel_url": back,
        }
        if intent.email:
            params["customer_email"] = intent.email
        if intent.expires_at:
            params["expires_at"] = int(intent.expires_at.timestamp())
        session = self._client.v1.checkout.sessions.create(
            params, {"idempotency_key": f"open-{intent.key}"}
        )
        return Opened(reference=session.id, pay_url=session.url or "")

    @_translated
    def fetch(self, intent: PaymentIntent) -> ProviderState:
        session = self._client.v1.checkout.sessions.retrieve(
            intent.reference, {"expand": ["payment_intent.latest_charge"]}
        )
        return self._state_of(session)

    @_translated
    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        self._client.v1.payment_intents.capture(
            self._payment_intent_id(intent),
            {"amount_to_capture": to_minor(amount, intent.currency)},
            {"idempotency_key": f"capture-{intent.key}"},
        )
        return self.fetch(intent)

    @_translated
    def cancel(self, intent: PaymentIntent) -> ProviderState:
        """Close the session if it is still open; whatever is true afterwards is the answer."""
        state = self.fetch(intent)
        if state.state == "open":
            try:
                self._client.v1.checkout.sessions.expire(intent.reference)
            except stripe.InvalidRequestError:
                pass  # it was paid or expired in between; fetch says which
            state = self.fetch(intent)
        elif state.state == "authorised":
            self._client.v1.payment_intents.cancel(self._payment_intent_id(intent))
            state = self.fetch(intent)
        return state

    @_translated
    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        refund = self._client.v1.refunds.create(
            {
                "payment_intent": self._payment_intent_id(intent),
                "amount": to_minor(amount, intent.currency),
                "metadata": {"refund": key},
            },
            {"idempotency_key": f"refund-{key}"},
        )
        if refund.status in {"failed", "canceled"}:
            raise GatewayRefused(f"refund {refund.status}")
        return Refunded(reference=refund.id, is_done=refund.status == "succeeded")

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        try:
            event = stripe.Webhook.construct_event(
                body,
                headers.get("Stripe-Signature", ""),
                settings.STRIPE_WEBHOOK_SECRET,
                tolerance=WEBHOOK_TOLERANCE_SECONDS,
            )
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise WebhookInvalid(str(error)) from error
        thing = event.data.object
        metadata = getattr(thing, "metadata", None) or {}
        key = metadata["intent"] if "intent" in metadata else ""
        return WebhookNews(event_id=event.id, kind=event.type, reference=key)

    def charges(self, *, created_after: int) -> list[stripe.Charge]:
        """Every charge since ``created_after`` (Unix seconds), for reconciliation."""
        page = self._client.v1.charges.list({"created": {"gte": created_after}, "limit": 100})
        return list(page.auto_paging_iter())

    @property
    def _client(self) -> stripe.StripeClient:
        return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)

    def _payment_intent_id(self, intent: PaymentIntent) -> str:
        session = self._client.v1.checkout.sessions.retrieve(intent.reference)
        return str(session.payment_intent)

    def _state_of(self, session: stripe.checkout.Session) -> ProviderState:
        currency = (session.currency or "").upper()
        payment = session.payment_intent
        if payment is None or isinstance(payment, str):
            state = "cancelled" if session.status == "expired" else "open"
            return ProviderState(state=state, currency=currency)
        state = PI_STATES.get(payment.status, "open")
        if state == "open" and session.status == "expired":
            state = "cancelled"
        charge = payment.latest_charge
        refunded = charge.amount_refunded if charge and not isinstance(charge, str) else 0
        captured = payment.amount_received or 0
        return ProviderState(
            state=state,
            currency=currency,
            amount_authorised=from_minor(
                captured if state == "captured" else payment.amount_capturable or 0, currency
            ),
            amount_captured=from_minor(captured, currency),
            amount_refunded=from_minor(refunded, currency),
            reference=payment.id,
        )


@functools.lru_cache(maxsize=4)
def _client(secret_key: str, api_base: str) -> stripe.StripeClient:
    """One client (and connection pool) per key and address."""
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base} if api_base else {},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=NETWORK_RETRIES,
    )
