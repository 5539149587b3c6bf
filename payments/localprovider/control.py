"""A small client for the control interface, for tests and for trying things out."""

from types import TracebackType
from typing import Any

import httpx


class Control:
    """Talks to a running provider's ``/_control``.

    ``Control("http://127.0.0.1:4242", "sk_test_…").fault("drop", "payment_intents.capture")``

    Every method raises ``httpx.HTTPError`` when the provider refuses or is not there.
    """

    def __init__(self, base_url: str, key: str, *, timeout: float = 10.0) -> None:
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/_control",
            headers={"Authorization": f"Bearer {key}"},
            timeout=timeout,
            trust_env=False,
        )

    def __enter__(self) -> "Control":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        response = self._http.request(method, path, json=body)
        response.raise_for_status()
        return response.json()

    def fault(
        self, kind: str, target: str = "*", *, times: int | None = 1, **args: float | bool
    ) -> dict[str, Any]:
        """Arm a fault for the next ``times`` matches, or until cleared with ``times=None``."""
        body = {"kind": kind, "target": target, "times": times, "args": args}
        return self._call("POST", "/faults", body)

    def faults(self) -> list[dict[str, Any]]:
        return self._call("GET", "/faults")

    def clear(self) -> None:
        """Disarm every fault."""
        self._call("DELETE", "/faults")

    def charges(self) -> list[dict[str, Any]]:
        """Every charge, oldest first: captured and refunded totals, metadata, session."""
        return self._call("GET", "/charges")

    def deliveries(self) -> list[dict[str, Any]]:
        """Every webhook delivery with its state, attempts and last answer."""
        return self._call("GET", "/deliveries")

    def pay(self, session_id: str, outcome: str = "pay") -> dict[str, Any]:
        """Pay a session as its hosted page would; ``outcome`` names a test card."""
        return self._call("POST", f"/sessions/{session_id}/pay", {"outcome": outcome})

    def deadline(self, session_id: str, in_seconds: float = 0) -> dict[str, Any]:
        """Move a session's expiry to ``in_seconds`` from now."""
        return self._call("POST", f"/sessions/{session_id}/deadline", {"in_seconds": in_seconds})

    def authenticate(self, intent_id: str, *, approved: bool = True) -> dict[str, Any]:
        """Answer the second factor of an intent."""
        path = f"/payment_intents/{intent_id}/authenticate"
        return self._call("POST", path, {"approved": approved})

    def settle(self, intent_id: str, *, succeeded: bool = True) -> dict[str, Any]:
        """End an intent that is processing."""
        return self._call("POST", f"/payment_intents/{intent_id}/settle", {"succeeded": succeeded})

    def resend(self, event_id: str, *, count: int = 1, tamper: str | None = None) -> None:
        """Send an event again, ``count`` copies at once, spoilt by ``tamper`` if given."""
        self._call("POST", f"/events/{event_id}/resend", {"count": count, "tamper": tamper})

    def events(self) -> list[dict[str, Any]]:
        """Every event, oldest first: id, type, created."""
        return self._call("GET", "/events")

    def message(self, event_id: str, tamper: str | None = None) -> dict[str, Any]:
        """A delivery of an event, to be carried to the shop by hand: url, body, headers."""
        return self._call("POST", f"/events/{event_id}/message", {"tamper": tamper})

    def trades(self) -> list[dict[str, Any]]:
        """Every payment of a wallet (Alipay, WeChat, PayPal), oldest first, with its refunds."""
        return self._call("GET", "/trades")

    def pay_trade(self, number: str, *, is_refused: bool = False) -> dict[str, Any]:
        """Say yes in the wallet that holds the payment with this number or id.

        ``is_refused``: at PayPal, with a card that does not pay.
        """
        return self._call("POST", f"/trades/{number}/pay", {"is_refused": is_refused})

    def age_trade(self, number: str, *, days: float) -> dict[str, Any]:
        """As if its payer had agreed so many days earlier."""
        return self._call("POST", f"/trades/{number}/age", {"days": days})

    def settlement(self, wallet: str = "") -> str:
        """What was paid out, as the CSV that a shop brings in; of a wallet what it moved."""
        return self._call("GET", f"/settlement/{wallet}" if wallet else "/settlement")["csv"]

    def reset(self) -> None:
        """Forget everything: objects, events, queue, faults, idempotency keys."""
        self._call("POST", "/reset")
