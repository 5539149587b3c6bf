"""Noting that somebody met a dead end. Nothing waits for it, and without a broker it is lost."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from catalog.moved.models import DeadPath
from catalog.moved.tasks import dead_path_save
from catalog.searchlog.text import MAIL
from catalog.searchlog.visitors import is_person, visitor_key
from shop.core.tasks import send_quietly
from shop.core.throttle import Throttle

REFERRER_LENGTH = DeadPath._meta.get_field("referrer").max_length or 0
# One visitor who tries every address there is, and everybody together.
OF_ONE = Throttle("moved.log", limit=20, seconds=600)
OF_ALL = Throttle("moved.log.all", limit=600, seconds=600)


def dead_path_log(request: HttpRequest, path: str) -> None:
    """Count the address, and the host of the page that led to it; nothing about who came."""
    if MAIL.search(path) or not (OF_ONE.allows(visitor_key(request)) and OF_ALL.allows("all")):
        return
    host = referrer_host(request)
    is_ours = bool(host) and host in (request.get_host(), urlsplit(settings.PUBLIC_URL).netloc)
    facts = {
        "path": path,
        "is_robot": not is_person(request),
        "referrer": "" if is_ours else host[:REFERRER_LENGTH],
        "is_ours": is_ours,
    }
    send_quietly(dead_path_save, facts, timezone.now().isoformat())


def referrer_host(request: HttpRequest) -> str:
    """The host of the page that led here; "" for none and for somebody's joke."""
    try:
        host = urlsplit(request.headers.get("Referer", "")[:2000]).netloc
    except ValueError:
        return ""
    host = host.rpartition("@")[2].lower()
    return host if host.isascii() and host.isprintable() else ""
