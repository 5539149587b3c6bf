"""Faults on demand: what may go wrong between a shop and its provider.

A fault has a kind, a target (a glob over operation names such as ``payment_intents.capture``,
or over event types for webhook faults), a number of times (None: until cleared) and arguments.
"""

import json
import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from payments.localprovider.errors import InvalidRequest
from payments.localprovider.store import Row, Store

REFUSALS = (402, 422)  # a no for good, as Stripe and PayPal say it
# Kinds with their arguments and defaults. ``effect`` says whether the request
# is carried out before the answer goes wrong.
API_KINDS: dict[str, dict[str, Any]] = {
    "delay": {"ms": 1000, "effect": True},
    "hang": {"effect": True},
    "drop": {"effect": True},
    "refuse": {"effect": False},
    "error": {"status": 500, "effect": False},
}
TAMPERS = ("bad_signature", "stale", "future", "altered", "wrong_amount")
WEBHOOK_KINDS: dict[str, dict[str, Any]] = {
    "webhook_duplicate": {"count": 2},
    "webhook_late": {"seconds": 5.0},
    "webhook_out_of_order": {"seconds": 1.0},
    "webhook_drop": {},
    **{f"webhook_{tamper}": {} for tamper in TAMPERS},
}
KINDS = {**API_KINDS, **WEBHOOK_KINDS}
MAX_ARG = 1_000_000
REVERSE_STEP = 0.02  # seconds between two reversed deliveries


@dataclass(frozen=True)
class Delivery:
    """When one copy of an event goes out, and with what wrong with it."""

    due_at: float
    tamper: str | None


def fault_add(
    store: Store, *, kind: str, target: str, times: int | None, args: dict[str, Any]
) -> Row:
    """Arm a fault. Raises ``InvalidRequest`` naming what is wrong with it."""
    if kind not in KINDS:
        raise InvalidRequest(f"Unknown kind; one of {', '.join(KINDS)}.", param="kind")
    unknown = set(args) - set(KINDS[kind])
    if unknown:
        raise InvalidRequest(f"{kind} does not take {', '.join(sorted(unknown))}.", param="args")
    if times is not None and (not isinstance(times, int) or not 1 <= times <= MAX_ARG):
        raise InvalidRequest("times is a whole number above zero, or null.", param="times")
    merged = {**KINDS[kind], **args}
    for name, value in merged.items():
        if not isinstance(value, bool | int | float) or not 0 <= value <= MAX_ARG:
            raise InvalidRequest(f"{name} must be a number from 0.", param=name)
    if kind == "error" and merged["status"] not in (*REFUSALS, 429, *range(500, 600)):
        raise InvalidRequest("status must be 402, 422, 429 or 5xx.", param="status")
    store.faults_forget()
    return store.add("faults", kind=kind, target=target, remaining=times, args=merged)


def faults_clear(store: Store) -> int:
    """Disarm all. Returns how many there were."""
    store.faults_forget()
    return store.run("DELETE FROM faults")


def fault_take(store: Store, operation: str) -> Row | None:
    """The oldest API fault armed for ``operation``; uses up one of its times."""
    for row in store.faults():
        if row["kind"] in API_KINDS and fnmatchcase(operation, row["target"]):
            _use(store, row)
            return row
    return None


def deliveries_plan(store: Store, event_type: str) -> list[Delivery]:
    """How an event goes out now, with every webhook fault armed for its type applied."""
    due, count, tamper, withheld = time.time(), 1, None, False
    for row in store.faults():
        kind, args = row["kind"], row["args"]
        if kind not in WEBHOOK_KINDS or not fnmatchcase(event_type, row["target"]):
            continue
        _use(store, row)
        if kind == "webhook_duplicate":
            count = max(1, int(args["count"]))
        elif kind == "webhook_late":
            due += args["seconds"]
        elif kind == "webhook_out_of_order":
            due = _reversed_due(store, row)
        elif kind == "webhook_drop":
            withheld = True
        else:
            tamper = kind.removeprefix("webhook_")
    return [] if withheld else [Delivery(due, tamper)] * count


def _reversed_due(store: Store, row: Row) -> float:
    """Within one window each later event goes out before the earlier ones."""
    now, args = time.time(), row["args"]
    if now >= args.get("until", 0):
        args = {**args, "until": now + args["seconds"], "held": 0}
    args = {**args, "held": args["held"] + 1}
    # A fault that was just used up is gone; then there is nothing left to remember.
    store.run("UPDATE faults SET args = json(?) WHERE id = ?", json.dumps(args), row["id"])
    store.faults_forget()
    return args["until"] - args["held"] * REVERSE_STEP


def _use(store: Store, row: Row) -> None:
    if row["remaining"] is None:
        return
    store.faults_forget()
    if row["remaining"] <= 1:
        store.run("DELETE FROM faults WHERE id = ?", row["id"])
    else:
        store.change("faults", row["id"], remaining=row["remaining"] - 1)
