"""PayPal: orders API v2. The shopper agrees on PayPal's page; the money is taken, or first
promised, when we ask.

Source: developer.paypal.com/docs/api/orders/v2. Plain HTTP: docs/adr/0008 says why.
"""

import contextlib
import datetime as dt
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import requests
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from payments.exceptions import GatewayRefused, GatewayUnavailable, WebhookInvalid
from payments.gateways import wire
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.gateways.paypal_parts import (
    NOT_BACK,
    NOT_TAKEN,
    TAKEN,
    capture_of,
    refund_plan,
    sum_of,
)
from payments.models import DECLINED, IntentState, PaymentIntent
from shop.core.money import exponent, to_minor

# CNY is for accounts inside China alone; HUF and TWD have no decimals here and two in ISO 4217.
CURRENCIES = frozenset(
    {"AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS", "JPY"}
    | {"MXN", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "USD"}
)
OLDEST_NOTICE = dt.timedelta(days=3, hours=1)  # PayPal tries for three days
CLOCKS_DIFFER = dt.timedelta(minutes=5)
REFUSALS = frozenset({400, 404, 422})
PROMISED = frozenset({"CREATED", "PENDING", "PARTIALLY_CAPTURED"})
JOINED = "+"  # between the references of a refund over several captures
PROMISE_OVER = frozenset({"VOIDED", "DENIED", "EXPIRED"})
SIGNED_BY = {  # name at the check: header
    "transmission_id": "Paypal-Transmission-Id",
    "transmission_time": "Paypal-Transmission-Time",
    "transmission_sig": "Paypal-Transmission-Sig",
    "cert_url": "Paypal-Cert-Url",
    "auth_algo": "Paypal-Auth-Algo",
}
_tokens: dict[tuple[str, str], tuple[str, float]] = {}  # by address and client; until when


class NotThere(GatewayRefused):
    """PayPal does not know it, or no longer."""


class Declined(GatewayRefused):
    """The card or account behind it does not pay."""


class PaypalGateway:
    code = "paypal"
    label = "PayPal"
    help = _("Pay with your PayPal account. You come back here.")
    icon = "wallet"
    currencies = CURRENCIES
    home_language = webhook_answer = ""
    is_hosted = True
    ships_before_capture = False
    can_authorise = True
    can_capture_in_parts = True

    @property
    def is_ready(self) -> bool:
        return bool(settings.PAYPAL_CLIENT_ID and settings.PAYPAL_SECRET)

    @property
    def hold_minutes(self) -> int:
        return settings.PAYMENT_HOLD_MINUTES

    def open(self, intent: PaymentIntent) -> Opened:
        unit = {
            "custom_id": str(intent.key),
            "description": wire.title_of(intent),
            "amount": _amount(intent.amount, intent.currency),
        }
        context = {
            "brand_name": settings.OSCAR_SHOP_NAME,
            "locale": "zh-CN" if intent.language.startswith("zh") else "en-GB",
            "shipping_preference": "NO_SHIPPING",
            "user_action": "PAY_NOW",
            "return_url": wire.back_url(intent),
            "cancel_url": wire.back_url(intent),
        }
        body = {
            "intent": "AUTHORIZE" if intent.is_taken_at_shipment else "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"experience_context": context}},
        }
        order = self._call("POST", "/v2/checkout/orders", body, key=f"open-{intent.key}")
        links = {link["rel"]: link["href"] for link in order["links"]}
        return Opened(
            reference=order["id"],
            pay_url=links.get("payer-action") or links.get("approve", ""),
        )

    def look(self, intent: PaymentIntent) -> ProviderState:
        """How it stands; an order that PayPal has forgotten can no longer be paid."""
        try:
            return _state_of(self._order(intent), intent)
        except NotThere:
            if intent.amount_captured:
                raise
            return ProviderState(state="cancelled", currency=intent.currency)

    def fetch(self, intent: PaymentIntent) -> ProviderState:
        """What the shopper agreed to is taken here, once, if it is what was asked for and is
        still wanted: asking is the only way to learn of it, and the taking has its own key."""
        told = self.look(intent)
        asked = (intent.amount, intent.currency)
        is_wanted = intent.state in (IntentState.OPEN, IntentState.AUTHORISED)
        if intent.is_taken_at_shipment:
            is_new = told.state == "authorised" and told.reference == intent.reference
            if is_new and is_wanted and (told.amount_authorised, told.currency) == asked:
                return self._authorise(intent)
            # What the payer agreed to is no promise before PayPal was asked for it.
            return ProviderState(state="open", currency=intent.currency) if is_new else told
        if told.state != "authorised" or not is_wanted:
            return told
        if (told.amount_authorised, told.currency) != asked:
            return told
        return self.capture(intent, intent.amount)

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        """``amount`` is all of it: PayPal takes an order whole. A card that does not pay leaves
        the order open, for the shopper to choose another."""
        if intent.is_taken_at_shipment:
            return self.capture_part(intent, amount=amount, key="whole", is_final=True, number=1)
        path = f"/v2/checkout/orders/{intent.reference}/capture"
        try:
            self._call("POST", path, {}, key=f"capture-{intent.key}")
        except GatewayRefused as error:
            order = self._order(intent)  # taken before, or not to be taken
            told = _state_of(order, intent)
            if told.state == "authorised":
                told = ProviderState(state="open", currency=intent.currency)
            return replace(told, refusal=_refusal_of(order, error))
        return self.look(intent)

    def capture_part(
        self, intent: PaymentIntent, *, amount: Decimal, key: str, is_final: bool, number: int
    ) -> ProviderState:
        """Look before taking: the number of a capture is kept with it, the key of a request 45 days."""
        own = wire.capture_number(intent, key)
        wanted = {
            "amount": _amount(amount, intent.currency),
            "invoice_id": own,
            "final_capture": is_final,
        }
        order = self._order(intent)
        if capture_of(order, own) is None:
            try:
                self._take_promised(intent, wanted, own)
            except GatewayRefused:
                if capture_of(self._order(intent), own) is None:
                    raise
            order = self._order(intent)
        taken = capture_of(order, own)
        if taken is None or taken["status"] not in TAKEN:
            raise GatewayUnavailable("the capture is not confirmed yet")
        return replace(_state_of(order, intent), reference=taken["id"])

    def cancel(self, intent: PaymentIntent) -> ProviderState:
        """There is nothing to close: what is not taken is never paid. A promise is given back."""
        told = self.look(intent)
        if told.state == "captured":
            return told
        if intent.is_taken_at_shipment and (promise := self._promise(intent)) is not None:
            with contextlib.suppress(GatewayRefused):  # given back before, or taken in between
                self._call("POST", f"/v2/payments/authorizations/{promise['id']}/void", {})
            told = self.look(intent)
            if told.state == "captured":
                return told
        return ProviderState(state="cancelled", currency=intent.currency)

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        """Look before paying: PayPal forgets the key of a request after 45 days.

        It sends back what one capture took. One that has enough left gives it all; else each gives
        what it has, in a refund with a number of its own, and ``reference`` names all of them.
        """
        payments = self._order(intent)["purchase_units"][0]["payments"]
        made, to_make = refund_plan(intent, payments, amount, key)
        for number, capture, part in to_make:
            body = {"amount": _amount(part, intent.currency), "invoice_id": number}
            path = f"/v2/payments/captures/{capture}/refund"
            try:
                made.append(self._call("POST", path, body, key=number))
            except GatewayRefused as error:
                if made:  # some of it is on its way: neither done nor refused
                    raise GatewayUnavailable(f"a part was sent, the rest not: {error}") from error
                raise
        failed = [one for one in made if one["status"] in NOT_BACK]
        if failed:
            raise GatewayRefused(f"refund {failed[0]['status'].lower()}")
        return Refunded(
            reference=JOINED.join(one["id"] for one in made),
            is_done=all(one["status"] == "COMPLETED" for one in made),
        )

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        """PayPal is asked whether it sent this, but only if it looks as if it had."""
        proof = {name: headers.get(header, "") for name, header in SIGNED_BY.items()}
        if not self.is_ready or not settings.PAYPAL_WEBHOOK_ID or not all(proof.values()):
            raise WebhookInvalid("not signed, or nothing is set to check it with")
        try:
            text = body.decode()
            event = json.loads(text)
            sent_at = parse_datetime(proof["transmission_time"])
            news = (event["id"], event["event_type"], _key_in(event["resource"]))
        except (ValueError, RecursionError, KeyError, TypeError, IndexError) as error:
            raise WebhookInvalid("not an event") from error
        if sent_at is None or not timezone.is_aware(sent_at):
            raise WebhookInvalid("no time")
        if not -CLOCKS_DIFFER < timezone.now() - sent_at < OLDEST_NOTICE:
            raise WebhookInvalid("signed too long ago, or in the future")
        event_id, kind = map(wire.kept, news[:2])
        # The check is over the text as it came, so it goes there as it came.
        question = json.dumps({**proof, "webhook_id": settings.PAYPAL_WEBHOOK_ID})
        asked = f'{question[:-1]}, "webhook_event":{text}}}'
        try:
            told = self._call("POST", "/v1/notifications/verify-webhook-signature", asked)
        except GatewayRefused as error:
            raise WebhookInvalid("PayPal cannot read it") from error
        if told.get("verification_status") != "SUCCESS":
            raise WebhookInvalid("signature")
        return WebhookNews(event_id=event_id, kind=kind, reference=news[2])

    def _authorise(self, intent: PaymentIntent) -> ProviderState:
        path = f"/v2/checkout/orders/{intent.reference}/authorize"
        refused = None
        try:
            self._call("POST", path, {}, key=f"authorise-{intent.key}")
        except GatewayRefused as error:  # a card that does not pay: let them choose another
            refused = error
        order = self._order(intent)
        told = _state_of(order, intent)
        if told.reference == intent.reference:
            told = ProviderState(state="open", currency=intent.currency)
        return replace(told, refusal=_refusal_of(order, refused))

    def _take_promised(self, intent: PaymentIntent, wanted: dict[str, Any], key: str) -> None:
        """A promise that PayPal honours no longer is asked for anew first, for all that is left of it."""
        promise = self._promise(intent)
        if promise is None:
            raise GatewayRefused("nothing was authorised")
        for again in (False, True):
            if again:
                rest = intent.amount_authorised - intent.amount_captured
                path = f"/v2/payments/authorizations/{promise['id']}/reauthorize"
                body = {"amount": _amount(rest, intent.currency)}
                promise = self._call("POST", path, body, key=f"again-{intent.key}")
            path = f"/v2/payments/authorizations/{promise['id']}/capture"
            try:
                made = self._call("POST", path, wanted, key=f"{key}-{promise['id']}"[:108])
            except GatewayRefused as error:
                if again or "AUTHORIZATION_EXPIRED" not in str(error):
                    raise
            else:
                if made["status"] in NOT_TAKEN:
                    raise GatewayRefused(f"capture {made['status'].lower()}")
                return

    def _promise(self, intent: PaymentIntent) -> dict[str, Any] | None:
        """PayPal's authorisation, the newest one; none before it was asked for."""
        payments = self._order(intent)["purchase_units"][0].get("payments", {})
        return next(reversed(payments.get("authorizations", [])), None)

    def _order(self, intent: PaymentIntent) -> dict[str, Any]:
        return self._call("GET", f"/v2/checkout/orders/{intent.reference}")

    def _call(
        self, method: str, path: str, body: dict[str, Any] | str | None = None, *, key: str = ""
    ) -> dict[str, Any]:
        """The answer. ``key`` makes the call one however often it comes. Raises our two errors."""
        text = json.dumps(body) if isinstance(body, dict) else body

        def call() -> requests.Response:
            answer = requests.request(
                method,
                settings.PAYPAL_API_BASE + path,
                data=text.encode() if text is not None else None,
                headers={
                    "Authorization": f"Bearer {self._token()}",
                    "Content-Type": "application/json",
                    "Prefer": "return=representation",
                    **({"PayPal-Request-Id": key} if key else {}),
                },
                timeout=wire.TIMEOUT_SECONDS,
            )
            if answer.status_code == 401:
                _tokens.clear()  # it ended early; the next try has a new one
                raise wire.NoAnswer("the token was not taken")
            return _clear(answer)

        answer = wire.ask(call, lost=(requests.RequestException, wire.NoAnswer))
        if answer.status_code == 404:
            raise NotThere(answer.text[:200])
        if answer.status_code in REFUSALS and DECLINED in answer.text:
            raise Declined(DECLINED)
        if answer.status_code in REFUSALS:
            raise GatewayRefused(answer.text[:200])
        return _json(answer)

    def _token(self) -> str:
        who = (settings.PAYPAL_API_BASE, settings.PAYPAL_CLIENT_ID)
        token, until = _tokens.get(who, ("", 0.0))
        if until > time.monotonic():
            return token
        answer = requests.post(
            f"{settings.PAYPAL_API_BASE}/v1/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(settings.PAYPAL_CLIENT_ID, settings.PAYPAL_SECRET),
            timeout=wire.TIMEOUT_SECONDS,
        )
        if answer.status_code >= 400:
            raise wire.NoAnswer(f"no token: {answer.status_code}")
        told = _json(answer)
        _tokens[who] = (told["access_token"], time.monotonic() + told["expires_in"] - 60)
        return told["access_token"]


def _clear(answer: requests.Response) -> requests.Response:
    status = answer.status_code
    if status >= 400 and status not in REFUSALS:
        raise wire.NoAnswer(f"answered {status}")
    return answer


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        return answer.json()
    except ValueError as error:
        raise GatewayUnavailable("the answer is no JSON") from error


def _amount(amount: Decimal, currency: str) -> dict[str, str]:
    to_minor(amount, currency)  # refuses fractions of the smallest unit
    return {"currency_code": currency, "value": str(amount.quantize(exponent(currency)))}


def _key_in(resource: dict[str, Any]) -> str:
    """The intent's key: of an order it stands in its unit, of a capture or refund at the top."""
    units = resource.get("purchase_units")
    told = (units[0] if units else resource).get("custom_id", "")
    return wire.kept(told) if told else ""


def _refusal_of(order: dict[str, Any], error: GatewayRefused | None) -> str:
    """One try of the payer's: PayPal says when the order last changed, and asking changes nothing."""
    if not isinstance(error, Declined):
        return ""
    return f"{order['id']}-{order.get('update_time', '')}"


def _state_of(order: dict[str, Any], intent: PaymentIntent) -> ProviderState:
    unit = order["purchase_units"][0]
    payments = unit.get("payments", {})
    captures = payments.get("captures", [])
    promises = payments.get("authorizations", [])
    taken = [one for one in captures if one["status"] in TAKEN]
    is_held = bool(promises) and promises[-1]["status"] in PROMISED
    captured = sum_of(taken)
    back = [one for one in payments.get("refunds", []) if one["status"] not in NOT_BACK]
    if taken and not is_held:
        return ProviderState(
            state="captured",
            currency=taken[0]["amount"]["currency_code"],
            amount_authorised=captured,
            amount_captured=captured,
            amount_refunded=sum_of(back),
            reference=taken[-1]["id"],
        )
    if is_held:
        amount = promises[0]["amount"]  # a later one is for what was left of the first
        return ProviderState(
            state="authorised",
            currency=amount["currency_code"],
            amount_authorised=Decimal(amount["value"]),
            amount_captured=captured,
            amount_refunded=sum_of(back),
            reference=promises[-1]["id"],
            can_capture_in_parts=True,
        )
    if promises and promises[-1]["status"] in PROMISE_OVER:
        return ProviderState(state="cancelled", currency=intent.currency)
    if order["status"] == "APPROVED":
        return ProviderState(
            state="authorised",
            currency=unit["amount"]["currency_code"],
            amount_authorised=Decimal(unit["amount"]["value"]),
            reference=order["id"],
        )
    is_over = order["status"] == "VOIDED" or (captures and captures[0]["status"] == "DECLINED")
    return ProviderState(state="cancelled" if is_over else "open", currency=intent.currency)
