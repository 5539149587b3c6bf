"""The order list of the back office, as a clerk asks for it."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.checkout.guest import CheckoutFailed, Guest
from benchmarks.checkout.shops import Shop
from benchmarks.load import load

OWNER = "owner@storekeep.example"
LIST = "/dashboard/orders/"
SECONDS, REQUESTS = 8, 200


@dataclass
class Desk:
    """Milliseconds at p95 with one clerk."""

    listed: float
    searched: float
    failed: int


def desk_measure(shop: Shop, *, accounts: Path) -> Desk:
    """Pages of the list, then searches by number, e-mail and name."""
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
    some = shop.rows("SELECT number FROM order_order ORDER BY id DESC LIMIT 20 OFFSET 1000")
    words = [number for (number,) in some] + ["Lin", "Mei Lin", "example.com"]
    pages = [f"{LIST}?page={page}" for page in range(1, 11)]
    ask = {
        "port": host.port,
        "clients": 1,
        "seconds": SECONDS,
        "requests": REQUESTS,
        "cookie": cookie,
    }
    listed = load(pages, **ask)
    searched = load([f"{LIST}?q={word.replace(' ', '+')}" for word in words], **ask)
    return Desk(
        listed.milliseconds(0.95), searched.milliseconds(0.95), listed.failures + searched.failures
    )
