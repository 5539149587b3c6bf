"""The system in five layers, each with what it says of itself right now."""

import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import django
import oscar
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.carriers.models import CarrierMessage
from orders.carriers.selectors import MESSAGES, messages_parked
from payments.models import UNSETTLED, PaymentIntent, WebhookEvent
from shop.celery import app as celery
from shop.core.models import Mail, OutboxDelivery

PING_SECONDS = 0.5
LATE_SECONDS = 120  # older than this, what is due is not being worked off


@dataclass(frozen=True)
class Fact:
    """One line. ``tone`` is good or hot where the value is a verdict, else empty; ``url``: where it leads."""

    name: str
    value: str
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Layer:
    name: str
    about: str
    facts: list[Fact] = field(default_factory=list)


def status(request: HttpRequest) -> HttpResponse:
    """Every figure is asked for as the page is made; nothing is remembered."""
    layers = [
        Layer(_("Machine"), _("What everything runs on."), list(_machine())),
        Layer(_("System software"), _("What we stand on and did not write."), list(_software())),
        Layer(
            _("Application"), _("The shop itself and its work in the background."), list(_work())
        ),
        Layer(_("Network and security"), _("What keeps others out."), list(_security())),
        Layer(_("Experience"), _("What a visitor has to download and can read."), list(_weight())),
    ]
    return render(request, "oscar/dashboard/status.html", {"layers": layers})


def _machine() -> Iterator[Fact]:
    disk = shutil.disk_usage(settings.DATA_DIR)
    share = disk.free / disk.total
    load = os.getloadavg()[0]
    yield Fact(_("Processors"), str(os.cpu_count()))
    yield Fact(_("Load, last minute"), f"{load:.2f}")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    yield Fact(_("Memory"), filesizeformat(memory))
    yield Fact(
        _("Free disk"), f"{filesizeformat(disk.free)} · {share:.0%}", "" if share > 0.1 else "hot"
    )


def _software() -> Iterator[Fact]:
    yield Fact(_("System"), f"{platform.system()} {platform.release()}")
    yield Fact("Python", platform.python_version())
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
        spent = (time.perf_counter() - began) * 1000
        cursor.execute(
            "SELECT pg_database_size(current_database()), count(*) FROM pg_stat_activity"
        )
        size, connections = cursor.fetchone()
    yield Fact("PostgreSQL", f"{version} · {spent:.1f} ms", "good")
    yield Fact(_("Database"), filesizeformat(size))
    yield Fact(_("Connections"), str(connections))
    is_durable = fsync == "on"
    yield Fact(_("Commits reach the disk"), _("yes") if is_durable else _("no"), _tone(is_durable))
    yield _verdict("Redis", _cache_answers)


def _work() -> Iterator[Fact]:
    yield Fact("Django", django.get_version())
    yield Fact("Oscar", oscar.get_version())
    workers = _workers()
    yield Fact(
        _("Background workers"),
        ngettext("%d answers", "%d answer", workers) % workers,
        _tone(workers > 0),
    )
    due = OutboxDelivery.objects.filter(delivered_at__isnull=True, parked_at__isnull=True)
    yield _queue(_("Follow-ups waiting"), due.count(), due.aggregate(at=Min("due_at"))["at"])
    mails = Mail.objects.filter(sent_at__isnull=True, parked_at__isnull=True)
    yield _queue(_("Mails waiting"), mails.count(), mails.aggregate(at=Min("due_at"))["at"])
    told = CarrierMessage.objects.filter(MESSAGES["due"])
    oldest = told.aggregate(at=Min("received_at"))["at"]
    yield _queue(_("Carrier messages waiting"), told.count(), oldest)
    for name, rows in (
        (_("Carrier messages given up on"), messages_parked()),
        (_("Provider messages given up on"), WebhookEvent.objects.filter(parked_at__isnull=False)),
    ):
        count = rows.count()
        yield Fact(name, str(count), _tone(not count))
    unsettled = PaymentIntent.objects.filter(state__in=UNSETTLED).count()
    yield Fact(_("Payments under way"), str(unsettled))
    if simulator := _simulator():
        yield Fact(_("Simulated carriers"), _("Parcels to be lost on purpose"), url=simulator)


def _security() -> Iterator[Fact]:
    yield Fact(_("Address"), settings.PUBLIC_URL)
    for name, is_so in (
        (_("Encrypted (HTTPS)"), settings.IS_HTTPS),
        (_("HTTPS is insisted on (HSTS)"), settings.SECURE_HSTS_SECONDS > 0),
        (_("Cookies travel encrypted only"), settings.SESSION_COOKIE_SECURE),
        (
            _("Nothing inline runs in pages"),
            "shop.core.policy.PolicyMiddleware" in settings.MIDDLEWARE,
        ),
        (_("Error pages tell nothing"), not settings.DEBUG),
    ):
        yield Fact(name, _("yes") if is_so else _("no"), _tone(is_so))


def _weight() -> Iterator[Fact]:
    for name, path in (
        (_("Storefront styles"), "css/storefront.css"),
        (_("Back-office styles"), "css/office.css"),
        (_("Scripts"), "js/elements.js"),
        ("htmx", "npm/htmx.org/htmx.min.js"),
    ):
        yield Fact(name, _compressed(path))
    yield Fact(_("Languages"), ", ".join(str(label) for _code, label in settings.LANGUAGES))


def _compressed(path: str) -> str:
    """Size as sent with Brotli, or as it stands where it is not compressed."""
    try:
        stored = Path(staticfiles_storage.path(staticfiles_storage.stored_name(path)))
    except (AttributeError, ValueError):
        return _("not collected")
    for candidate in (stored.with_name(stored.name + ".br"), stored):
        if candidate.exists():
            return filesizeformat(candidate.stat().st_size)
    return _("not collected")


def _queue(name: str, count: int, oldest) -> Fact:
    """Waiting is fine; waiting for minutes means that nobody is at work."""
    if not count:
        return Fact(name, "0", "good")
    is_late = (timezone.now() - oldest).total_seconds() > LATE_SECONDS
    value = _("%(count)d, the oldest for %(time)s") % {"count": count, "time": timesince(oldest)}
    return Fact(name, value, "hot" if is_late else "")


def _simulator() -> str:
    """The page of the carriers in the box, where a demo or a developer has them; else nothing."""
    parts = urlsplit(settings.PARCELWAY_API_BASE)
    is_ours = parts.hostname == "127.0.0.1" and parts.path == "/carriers"
    if not is_ours or not (settings.DEBUG or settings.IS_DEMO):
        return ""
    return f"{parts.scheme}://{parts.netloc}/parcels/"


def _cache_answers() -> bool:
    key = f"status:{time.monotonic_ns()}"
    cache.set(key, 1, 5)
    return cache.get(key) == 1


def _workers() -> int:
    """How many Celery workers answer a ping; none when the broker is away."""
    try:
        return len(celery.control.ping(timeout=PING_SECONDS))
    except Exception:  # kombu raises its own, redis's and socket errors
        return 0


def _verdict(name: str, check: Callable[[], bool]) -> Fact:
    is_there = check()
    return Fact(name, _("answers") if is_there else _("does not answer"), _tone(is_there))


def _tone(is_good: bool) -> str:
    return "good" if is_good else "hot"
