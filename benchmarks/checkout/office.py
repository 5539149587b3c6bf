"""The order list of the back office, as a clerk asks for it."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.checkout.guest import CheckoutFailed, Guest
from benchmarks.checkout.shops import Shop
from benchmarks.load import load

OWNER = "owner@storekeep.example"
LIST = "/dashboard/orders/"
SECONDS, REQUESTS = 12, 200
VIEWS = ("to_pack", "to_ship", "late", "unpaid", "shipped", "cancelled", "all")
SOME = """
    SELECT o.number, o.guest_email, a.first_name, a.last_name, a.phone_number,
        (SELECT min(partner_sku) FROM order_line WHERE order_id = o.id),
        (SELECT min(tracking_number) FROM fulfilment_shipment WHERE order_id = o.id)
    FROM (SELECT * FROM order_order ORDER BY random() LIMIT 10) o
    JOIN order_shippingaddress a ON a.id = o.shipping_address_id
"""


@dataclass
class Desk:
    """Milliseconds at p95 with one clerk."""

    listed: float
    searched: float
    failed: int
    listed_median: float = 0
    searched_median: float = 0


def desk_measure(shop: Shop, *, accounts: Path) -> Desk:
    """The list: its views, and pages of all orders from the first to the last. The search: by number,
    by the end of one, e-mail, name, telephone, SKU and tracking number, by words that many have and by such
    that nobody has.
    """
    known = json.loads(accounts.read_text(encoding="utf-8"))
    password = next(one["password"] for one in known if one["email"] == OWNER)
    guest = Guest(shop.origin)
    guest.get("/dashboard/login/")
    answer = guest.post("/dashboard/login/", {"username": OWNER, "password": password})
    guest.close()
    if answer.status != 200 or "login" in answer.url:
        raise CheckoutFailed(f"the clerk cannot sign in: {answer.status} {answer.url}")
    host = urlsplit(shop.origin)
    cookie = "; ".join(f"{name}={value}" for name, value in guest.cookies[host.netloc].items())
    pages = [f"{LIST}?view={view}" for view in VIEWS] + [
        f"{LIST}?view=all&after={pk}{sort}"
        for (pk,) in shop.rows("SELECT id FROM order_order ORDER BY random() LIMIT 8")
        for sort in ("", "&sort=-total")
    ]
    words = _words(shop)
    ask = {
        "port": host.port,
        "clients": 1,
        "seconds": SECONDS,
        "requests": REQUESTS,
        "cookie": cookie,
    }
    listed = load(pages, **ask)
    searched = load([f"{LIST}?{urlencode({'q': word})}" for word in words], **ask)
    return Desk(
        listed=listed.milliseconds(0.95),
        searched=searched.milliseconds(0.95),
        failed=listed.failures + searched.failures,
        listed_median=listed.milliseconds(0.5),
        searched_median=searched.milliseconds(0.5),
    )


def _words(shop: Shop) -> list[str]:
    """What clerks type, each kind for some orders of all times."""
    found = ["Lin", "Mei Lin", "example.com", "nobody-knows-this", "Zoe nobody"]
    for number, email, first, last, phone, sku, tracking in shop.rows(SOME):
        found += [number, number[:4], email, f"{first} {last}", phone, sku, tracking]
    return [word for word in found if word]
