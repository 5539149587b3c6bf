"""Several captures of one order at PayPal, and refunds over them: each sends back what one took."""

from decimal import Decimal
from typing import Any

from payments.exceptions import GatewayRefused
from payments.gateways import wire
from payments.models import PaymentIntent

TAKEN = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
NOT_TAKEN = frozenset({"DECLINED", "FAILED"})
NOT_BACK = frozenset({"FAILED", "CANCELLED"})  # of refunds


def sum_of(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(one["amount"]["value"]) for one in rows), Decimal(0))


def capture_of(order: dict[str, Any], number: str) -> dict[str, Any] | None:
    """That which bears our number, unless it failed."""
    captures = order["purchase_units"][0].get("payments", {}).get("captures", [])
    mine = [one for one in captures if one.get("invoice_id") == number]
    return next((one for one in mine if one["status"] not in NOT_TAKEN), None)


def refund_plan(
    intent: PaymentIntent, payments: dict[str, Any], amount: Decimal, key: str
) -> tuple[list[dict[str, Any]], list[tuple[str, str, Decimal]]]:
    """Refunds under this key that were made, and those to make: number, capture, amount.

    The first capture's has the number that a payment with one capture has. Raises ``GatewayRefused``
    if less than ``amount`` is left.
    """
    taken = [one for one in payments.get("captures", []) if one["status"] in TAKEN]
    refunds = payments.get("refunds", [])
    numbers = {
        one["id"]: wire.refund_number(intent, key if not at else f"{key}+{one['id']}")
        for at, one in enumerate(taken)
    }
    made = [one for one in refunds if one.get("invoice_id") in numbers.values()]
    known = {one["invoice_id"] for one in made}
    left = amount - sum_of(made)
    room = {
        one["id"]: Decimal(one["amount"]["value"])
        - sum_of([it for it in refunds if _is_of(it, one["id"]) and it["status"] not in NOT_BACK])
        for one in taken
        if numbers[one["id"]] not in known
    }
    whole = next((pk for pk, most in room.items() if most >= left > 0), None)
    plan = []
    for pk, most in room.items() if whole is None else [(whole, room[whole])]:
        if (part := min(most, left)) > 0:
            plan.append((numbers[pk], pk, part))
            left -= part
    if left > 0:
        raise GatewayRefused(f"{left} more than is left of what was captured")
    return made, plan


def _is_of(refund: dict[str, Any], capture: str) -> bool:
    """PayPal names the capture of a refund by a link."""
    links = refund.get("links", [])
    return any(link["rel"] == "up" and link["href"].endswith(f"/{capture}") for link in links)
