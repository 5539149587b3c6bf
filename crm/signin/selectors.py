"""Where a member is signed in, in words."""

import datetime as dt
import re
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.signin.models import SignedIn

# In this order: most browsers also say the names of others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("MicroMessenger", "WeChat"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """One browser. ``pk`` 0: this one, from before sessions were noted."""

    pk: int
    name: str
    is_here: bool
    since: dt.datetime | None


def devices_of(user: User, *, session_key: str | None) -> list[Device]:
    """This browser first, then the latest. One query."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = SignedIn.objects.filter(user=user, session_key__in=alive)
    found = [_device(row, session_key) for row in rows]
    if not any(one.is_here for one in found):
        found.append(Device(0, _("This browser"), True, None))
    return sorted(found, key=lambda one: not one.is_here)


def _device(row: SignedIn, session_key: str | None) -> Device:
    return Device(
        pk=row.pk,
        name=agent_words(row.agent),
        is_here=row.session_key == session_key,
        since=row.since,
    )


def agent_words(agent: str) -> str:
    """``Firefox on Linux``."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown browser")


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, text)), "")
