"""Telling searches of one visit apart from others, without knowing whose they are."""

import hmac
import re
import secrets
import time
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from shop.core.throttle import Throttle, client_address

SALT_SECONDS = 26 * 3600  # a day, and the night in which it ends
KNOWN_SECONDS = 600  # so long processes may differ where the cache lost it
ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|scrap|preview|monitor|pingdom|lighthouse|feed|"
    r"curl|wget|python|java/|okhttp|go-http|libwww|httpclient|facebookexternalhit",
    re.IGNORECASE,
)
LOGGED = Throttle("searchlog", limit=60, seconds=600)
SUGGESTED = Throttle(
    "searchlog.suggest", limit=240, seconds=60
)  # a whole office may share an address
_own_salt = secrets.token_hex(16)
_known: dict[str, tuple[str, float]] = {}  # today's, and until when nobody asks for it again


def visitor_key(request: HttpRequest) -> str:
    """Sixteen hexadecimal digits: the same for one address and browser on one day, else nothing.

    It is an HMAC-SHA256 of address and agent, cut to 64 bits. Its key is the shop's secret and a
    salt drawn afresh each day, which only the cache knows and forgets after 26 hours: from then on
    not even the shop can try addresses against it; a process that had it forgets it with the first visitor of
    another day. No cookie is set. Without a cache each process has a salt of its own, and a visit may count as two.
    """
    day = timezone.localdate().isoformat()
    key = f"{settings.SECRET_KEY}:{day}:{_salt(day)}".encode()
    agent = request.headers.get("User-Agent", "")[:400]
    whose = f"{client_address(request)}\n{agent}".encode(errors="replace")
    return hmac.new(key, whose, sha256).hexdigest()[:16]


def _salt(day: str) -> str:
    known, until = _known.get(day, ("", 0.0))
    if until < time.monotonic():
        _known.clear()
        known = _asked(day)
        if known:
            _known[day] = (known, time.monotonic() + KNOWN_SECONDS)
    return known or _own_salt


def _asked(day: str) -> str:
    name = f"searchlog.salt.{day}"
    salt = cache.get(name)
    if salt is None:
        cache.add(name, secrets.token_hex(16), SALT_SECONDS)
        salt = cache.get(name)  # the first one to come decides
    return salt or ""


def is_person(request: HttpRequest) -> bool:
    """False for robots, and for pages that a browser fetches before anybody asked for them."""
    purpose = " ".join(
        request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")
    )
    agent = request.headers.get("User-Agent", "")
    return "pre" not in purpose.lower() and bool(agent) and not ROBOT.search(agent)
