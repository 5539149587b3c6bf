"""The local carriers without a process: their routes, asked through the test client."""

from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from orders.carriers.known import parcelway
from orders.fulfilment.models import Shipment
from orders.models import Order
from orders.services import order_pack
from payments.localprovider.parcels.api import Parcels, parcel_routes
from payments.services import intent_capture
from shop.core.outbox import relay
from tests.sales import intent_of, order_of

KEY, SECRET = "sk_test_parcels", "whsec_parcels"
DAY = 10_000  # seconds that a day of a script takes


class Outside:
    """The carriers' side. ``is_down``: no answer comes."""

    def __init__(self) -> None:
        self.parcels = Parcels(file=":memory:", key=KEY, secret=SECRET, shop="", day=DAY)
        self.app = Starlette(routes=parcel_routes(self.parcels))
        self.asked: list[str] = []
        self.is_down = False
        self.turn = Lock()  # their process answers one after the other

    def client(self) -> TestClient:
        outside = self

        class Asked(TestClient):
            def request(self, method: str, url: Any, **options: Any) -> Any:  # type: ignore[override]
                outside.asked.append(f"{method} {url}")
                if outside.is_down:
                    raise parcelway.httpx.ConnectTimeout("nobody is there")
                with outside.turn:
                    return super().request(method, url, **options)

        return Asked(self.app, headers={"Authorization": f"Bearer {KEY}"})

    def days_pass(self, days: float) -> None:
        self.parcels.rows.execute("UPDATE parcels SET handed = handed - ?", (days * DAY,))

    def script(self, name: str) -> None:
        self.parcels.rows.execute("UPDATE parcels SET script = ?", (name,))

    def message(self, number: str, place: int = -1) -> dict[str, Any]:
        """A signed message about an event, as `Client.post` takes it."""
        row = self.parcels.find(number)
        event = (self.parcels.happened(number) or [])[place]
        url, body, headers = self.parcels.message(row, event)
        return {
            "path": url,
            "data": body,
            "content_type": "application/json",
            "headers": {"Parcel-Signature": headers["Parcel-Signature"]},
        }


def packed_parcel() -> Shipment:
    """Of a paid order."""
    order: Order = order_of()
    intent_capture(intent=intent_of(order))
    relay()
    order_pack(order=order)
    return order.shipments.get()
