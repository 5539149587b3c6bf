"""Alerts are asked for, confirmed, sent once and stopped; every step is one conditional update."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from catalog.models import Product
from crm.accounts.models import User
from crm.alerts import mails
from crm.alerts.models import LIVE, AlertState, StockAlert
from crm.alerts.selectors import units_free

PER_UNIT = 3  # mails for each unit that is there: not everybody who is told buys
WINDOW = dt.timedelta(hours=24)  # those told in it count as still deciding
ASKED_LIVES = dt.timedelta(days=7)  # a wish without a yes is forgotten
BATCH = 300  # mails of one product in one go
OPEN_LIVES = dt.timedelta(days=365)


@transaction.atomic
def alert_ask(*, product_id: int, email: str, language: str) -> StockAlert | None:
    """A stranger's wish: a mail asks that box for a yes. None: the box waits already.

    Asking again while the yes is missing sends the link again.
    """
    alert = _live(product_id, email)
    if alert is None:
        alert = _create(product_id, email, language, user=None)
    if alert is None or alert.state != AlertState.ASKED:
        return None
    mails.confirm_queue(alert)
    return alert


@transaction.atomic
def alert_open(*, product_id: int, user: User, language: str) -> StockAlert:
    """A member's wish, at once: the account has proved the mail box."""
    alert = _live(product_id, user.email) or _create(product_id, user.email, language, user=user)
    if alert is None:  # another request of the same reader was quicker
        alert = StockAlert.objects.get(product=product_id, email=_same(user.email), state__in=LIVE)
    StockAlert.objects.filter(pk=alert.pk, state__in=LIVE).update(
        user=user, state=AlertState.OPEN, confirmed_at=alert.confirmed_at or timezone.now()
    )
    alert.refresh_from_db()
    return alert


def alert_confirm(*, alert_id: int) -> bool:
    """The yes from the mail box. False when there is nothing (any more) to say yes to."""
    asked = StockAlert.objects.filter(pk=alert_id, state=AlertState.ASKED)
    if asked.update(state=AlertState.OPEN, confirmed_at=timezone.now()):
        return True
    return StockAlert.objects.filter(pk=alert_id, state=AlertState.OPEN).exists()


def alert_stop(*, alert_id: int) -> bool:
    """The reader does not want it any more. False when it was over already."""
    live = StockAlert.objects.filter(pk=alert_id, state__in=LIVE)
    return bool(live.update(state=AlertState.STOPPED, ended_at=timezone.now()))


def alerts_stop_all(*, email: str) -> int:
    """Every live alert of this mail box."""
    live = StockAlert.objects.filter(email=_same(email), state__in=LIVE)
    return live.update(state=AlertState.STOPPED, ended_at=timezone.now())


@transaction.atomic
def alerts_send(*, product_ids: Iterable[int]) -> int:
    """Tell those who wait for what can be bought, the longest wait first. Safe side by side.

    At most ``PER_UNIT`` mails for each free unit within ``WINDOW``; the clock sends the next lot.
    """
    sent = 0
    for product_id, free in sorted(units_free(product_ids).items()):
        most = BATCH if free is None else min(free * PER_UNIT, BATCH)
        waiting = StockAlert.objects.filter(product=product_id, state=AlertState.OPEN)
        queue = waiting.select_related("product__parent").order_by("confirmed_at", "pk")
        # Read before those told are counted: what another worker takes in between is then
        # missing in the queue or counted, never neither.
        next_ones = list(queue[:most])
        told = 0 if free is None else _told_lately(product_id)
        sent += sum(_tell(alert) for alert in next_ones[: max(most - told, 0)])
    return sent


def _told_lately(product_id: int) -> int:
    since = timezone.now() - WINDOW
    return StockAlert.objects.filter(
        product=product_id, state=AlertState.SENT, ended_at__gte=since
    ).count()


def _tell(alert: StockAlert) -> bool:
    """Claim the alert, then write the mail; whoever comes second finds it taken."""
    mine = StockAlert.objects.filter(pk=alert.pk, state=AlertState.OPEN)
    if not mine.update(state=AlertState.SENT, ended_at=timezone.now()):
        return False
    mails.back_queue(alert)
    return True


def alerts_tidy() -> int:
    """Forget wishes that nobody confirmed; close those of products that are gone, and old ones."""
    now = timezone.now()
    forgotten, _each = StockAlert.objects.filter(
        state=AlertState.ASKED, asked_at__lt=now - ASKED_LIVES
    ).delete()
    hidden = Product.objects.filter(pk=OuterRef("product")).filter(
        Q(is_public=False) | Q(parent__is_public=False)
    )
    over = StockAlert.objects.filter(state__in=LIVE).filter(
        Exists(hidden) | Q(asked_at__lt=now - OPEN_LIVES)
    )
    return forgotten + over.update(state=AlertState.CLOSED, ended_at=now)


def _live(product_id: int, email: str) -> StockAlert | None:
    return StockAlert.objects.filter(product=product_id, email=_same(email), state__in=LIVE).first()


def _create(product_id: int, email: str, language: str, *, user: User | None) -> StockAlert | None:
    """None: somebody else made it at the same moment."""
    try:
        with transaction.atomic():
            return StockAlert.objects.create(
                product_id=product_id,
                email=_same(email),
                user=user,
                language=language,
                state=AlertState.OPEN if user else AlertState.ASKED,
                confirmed_at=timezone.now() if user else None,
            )
    except IntegrityError:
        return None


def _same(email: str) -> str:
    """One mail box, however it is written."""
    return email.strip().casefold()
