"""``/v1/charges`` and ``/v1/refunds``."""

from collections.abc import Mapping
from typing import Any

from payments.localprovider import engine
from payments.localprovider import params as read
from payments.localprovider.api.lists import page, row_get
from payments.localprovider.core import Provider
from payments.localprovider.errors import InvalidRequest
from payments.localprovider.events import emit
from payments.localprovider.params import Params
from payments.localprovider.shapes import charge_shape, refund_shape
from payments.localprovider.store import Row

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
BY_INTENT = ("payment_intent", "intent")


def charge_retrieve(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return charge_shape(provider, row_get(provider, "charges", "charge", path["id"]))


def charge_list(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return page(
        provider,
        params,
        table="charges",
        url="/v1/charges",
        shape=charge_shape,
        filters=[BY_INTENT],
    )


def refund_create(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    amount = read.amount(params, "amount")
    reason = None
    if read.text(params, "reason"):
        reason = read.choice(params, "reason", REASONS, "")
    metadata = read.metadata(params)
    charge = _charge(provider, params)
    refund = engine.refund_create(provider, charge, amount=amount, reason=reason, metadata=metadata)
    return refund_shape(provider, refund)


def _charge(provider: Provider, params: Params) -> Row:
    """The charge that a refund names, directly or by its intent."""
    charge_id = read.text(params, "charge")
    intent_id = read.text(params, "payment_intent")
    if charge_id:
        charge = row_get(provider, "charges", "charge", charge_id, param="charge")
        if intent_id and charge["intent"] != intent_id:
            raise InvalidRequest("The charge is not of this PaymentIntent.", param="charge")
        return charge
    if not intent_id:
        raise InvalidRequest(
            "One of the following params should be provided for this request: "
            "payment_intent or charge."
        )
    row_get(provider, "intents", "payment_intent", intent_id, param="payment_intent")
    paid = provider.store.first(
        "SELECT * FROM charges WHERE intent = ? AND status = 'succeeded'", intent_id
    )
    if paid is None:
        raise InvalidRequest(
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
            param="payment_intent",
        )
    return paid


def refund_retrieve(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return refund_shape(provider, row_get(provider, "refunds", "refund", path["id"]))


def refund_update(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    refund = row_get(provider, "refunds", "refund", path["id"])
    merged = read.metadata_merge(refund["metadata"], params)
    refund = provider.store.change("refunds", refund["id"], metadata=merged)
    shape = refund_shape(provider, refund)
    emit(provider, "refund.updated", shape)
    return shape


def refund_list(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return page(
        provider,
        params,
        table="refunds",
        url="/v1/refunds",
        shape=refund_shape,
        filters=[("charge", "charge"), BY_INTENT],
    )
