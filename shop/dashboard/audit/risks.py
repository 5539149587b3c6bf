"""The list of risks: a few questions that somebody should ask each day, asked by the clock.

A check answers with what it found, in names or numbers that no translation needs; its state follows
from how many that are. Nothing here changes anything.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.accounts.roles import ROLES
from payments.models import PaymentIntent
from shop.core.audit.models import Action, Entry, RiskResult, RiskRun, RiskState
from shop.core.models import Mail, OutboxDelivery
from shop.core.verify import NothingToCheck, invariants

logger = logging.getLogger(__name__)
DAY = dt.timedelta(days=1)
REVIEWED_WITHIN = dt.timedelta(days=90)
SEEN_WITHIN = dt.timedelta(days=60)
MANY_OWNERS = 3
SHOWN = 10  # of what a check found


@dataclass(frozen=True)
class Risk:
    """``look`` and ``bad``: from how many on it is looked at, or mended."""

    code: str
    question: Any
    advice: Any
    check: Callable[[], Iterable[str]]
    look: int = 1
    bad: int = 2**31
    page: str = ""


def books_broken() -> Iterable[str]:
    """What `manage.py verify` would say."""
    for one in invariants():
        try:
            rows = list(one.check())
        except NothingToCheck:
            continue
        except (
            Exception
        ) as error:  # a number that cannot be read, a statement out of time, no provider
            logger.exception("risks: %s cannot be checked", one.name)
            rows = [f"{one.name}: {type(error).__name__}"]
        yield from rows


def sign_ins_failed() -> Iterable[str]:
    rows = Entry.objects.filter(action=Action.SIGN_IN_FAILED, at__gte=timezone.now() - DAY)
    return [f"{one.at:%H:%M} {one.address}" for one in rows.order_by("-at")[:1000]]


def team() -> Any:
    return User.objects.filter(is_staff=True, is_active=True).order_by("email")


def password_alone() -> Iterable[str]:
    """Everybody, as long as the shop has no second factor."""
    return list(team().values_list("email", flat=True))


def not_seen() -> Iterable[str]:
    long_ago = timezone.now() - SEEN_WITHIN
    rows = team().filter(Q(last_login__lt=long_ago) | Q(last_login=None, date_joined__lt=long_ago))
    return list(rows.values_list("email", flat=True))


def owners() -> Iterable[str]:
    return list(team().filter(is_superuser=True).values_list("email", flat=True))


def rights_beside_roles() -> Iterable[str]:
    """Rights given to a person, and roles that hold other rights than the table says."""
    people = team().filter(user_permissions__isnull=False, is_superuser=False).distinct()
    found = list(people.values_list("email", flat=True))
    for group in Group.objects.prefetch_related("permissions__content_type"):
        held = {f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()}
        if held != set(ROLES.get(group.name, ())):
            found.append(group.name)
    return found


def roles_unreviewed() -> Iterable[str]:
    since = timezone.now() - REVIEWED_WITHIN
    rows = Entry.objects.filter(action=Action.REVIEW, label="auth.group", at__gte=since)
    return [] if rows.exists() else [f"{REVIEWED_WITHIN.days}"]


def parked() -> Iterable[str]:
    mails = Mail.objects.filter(parked_at__isnull=False, sent_at__isnull=True)
    news = OutboxDelivery.objects.filter(parked_at__isnull=False, delivered_at__isnull=True)
    return [
        *(f"mail {pk}" for pk in mails.values_list("pk", flat=True)[:500]),
        *(f"event {pk}" for pk in news.values_list("pk", flat=True)[:500]),
    ]


def payments_odd() -> Iterable[str]:
    rows = PaymentIntent.objects.exclude(problem="").values_list("order_number", flat=True)
    return list(rows[:1000])


def downloads() -> Iterable[str]:
    rows = Entry.objects.filter(action=Action.EXPORT, at__gte=timezone.now() - DAY)
    return [f"{one.at:%H:%M} {one.place}" for one in rows.order_by("-at")[:1000]]


def backup_old() -> Iterable[str]:
    """The newest file of the folder is older than a day, or nobody said where backups are."""
    if not settings.BACKUP_DIR:
        return ["BACKUP_DIR"]
    folder = Path(settings.BACKUP_DIR)
    files = [one.stat().st_mtime for one in folder.iterdir()] if folder.is_dir() else []
    if not files:
        return [str(folder)]
    age = time.time() - max(files)
    return [f"{age / 3600:.0f} h"] if age > DAY.total_seconds() + 3600 else []


def settings_loose() -> Iterable[str]:
    wrong = {
        "DEBUG": settings.DEBUG,
        "PUBLIC_URL": not settings.IS_HTTPS,
        "SECRET_KEY": len(settings.SECRET_KEY) < 50,
        "ALLOWED_HOSTS": "*" in settings.ALLOWED_HOSTS,
        "DEMO": settings.IS_DEMO,
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


RISKS = (
    Risk(
        "books",
        _("Do money, stock, orders and the audit trail add up?"),
        _("Run manage.py verify and mend what it names before anything else."),
        books_broken,
        bad=1,
    ),
    Risk(
        "failed",
        _("Does somebody guess passwords at the back office's door?"),
        _("Look at the addresses; a network that keeps trying can be shut out at the proxy."),
        sign_ins_failed,
        look=20,
        bad=100,
        page="audit-list",
    ),
    Risk(
        "factor",
        _("Who signs in with a password alone?"),
        _(
            "The shop has no second factor yet; put the back office behind a VPN or a proxy that asks for one."
        ),
        password_alone,
        page="team-list",
    ),
    Risk(
        "seen",
        _("Who works here and was not seen for 60 days?"),
        _("Ask, and take those who left out of the team."),
        not_seen,
        page="team-list",
    ),
    Risk(
        "owners",
        _("Are there more than three owners?"),
        _("Owners may do everything; give others a role."),
        owners,
        look=MANY_OWNERS + 1,
        page="team-list",
    ),
    Risk(
        "rights",
        _("Does anybody hold rights beside the roles?"),
        _("Take them away, or run manage.py migrate, which sets the roles right."),
        rights_beside_roles,
        bad=1,
        page="team-list",
    ),
    Risk(
        "reviewed",
        _("Were roles and people reviewed in the last 90 days?"),
        _("Go through the team, then press the button above; it is noted."),
        roles_unreviewed,
        page="team-list",
    ),
    Risk(
        "parked",
        _("Do mails or follow-ups lie about that nobody tries again?"),
        _("Open them, read the error, try again."),
        parked,
        page="outbox-list",
    ),
    Risk(
        "payments",
        _("Are there payments with a problem?"),
        _("Each waits for somebody who looks."),
        payments_odd,
        bad=20,
        page="payment-list",
    ),
    Risk(
        "downloads",
        _("Was personal data downloaded often in the last day?"),
        _("Ask who needed it; the trail says who it was."),
        downloads,
        look=20,
        bad=100,
        page="audit-list",
    ),
    Risk(
        "backup",
        _("Is there a backup that is younger than a day?"),
        _("Name the folder in BACKUP_DIR and see that the nightly dump arrives there."),
        backup_old,
    ),
    Risk(
        "settings",
        _("Are the settings those of a shop in the open?"),
        _("Set what is named as docs/operations.md says."),
        settings_loose,
    ),
)


def risks_run(*, by: int | None = None) -> RiskRun:
    """Ask all questions and keep the answers. A check that breaks is itself something to mend."""
    begun, results = time.monotonic(), []
    for risk in RISKS:
        try:
            found = list(risk.check())
            state = (
                RiskState.BAD
                if len(found) >= risk.bad
                else RiskState.LOOK
                if len(found) >= risk.look
                else RiskState.GOOD
            )
        except Exception as error:
            logger.exception("risks: %s cannot be checked", risk.code)
            found, state = [type(error).__name__], RiskState.BAD
        results.append(
            RiskResult(code=risk.code, state=state, number=len(found), found=found[:SHOWN])
        )
    run = RiskRun.objects.create(by=by, seconds=round(time.monotonic() - begun))
    for result in results:
        result.run = run
    RiskResult.objects.bulk_create(results)
    return run
