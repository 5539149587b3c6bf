"""Links that sign in once; sessions that are noted and ended."""

import datetime as dt
import secrets
from hashlib import sha256
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from crm.accounts.locks import member_lock
from crm.accounts.models import User
from crm.signin.models import SignedIn, SignInLink
from shop.core.locks import retry_on_conflict

LINK_LIVES = dt.timedelta(minutes=30)
KEPT = dt.timedelta(days=2)  # how long a link that is over is remembered
AGENT_LENGTH = 300


def link_make(*, user: User) -> str:
    """A fresh secret for a mail. Older links of the same person keep working until they run out."""
    now = timezone.now()
    SignInLink.objects.filter(user=user, expires_at__lt=now - KEPT).delete()
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user=user, digest=digest_of(secret), asked_at=now, expires_at=now + LINK_LIVES
    )
    return secret


def link_found(secret: str) -> SignInLink | None:
    """A link that would sign in now. Looking does not use it: mail scanners look."""
    return _usable(secret).select_related("user").first()


@retry_on_conflict
def link_use(secret: str) -> User | None:
    """Use the link up and say whose it is; all other links of that person end with it.

    None: it is over, or somebody was quicker. Of many at once one gets in.
    """
    link, now = link_found(secret), timezone.now()
    if link is None:
        return None
    member_lock(link.user_id)  # two links of one person wait for each other, not in a circle
    # On the row alone: with a join PostgreSQL would not look at it again after waiting.
    mine = SignInLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
    if not mine.update(used_at=now):
        return None
    links_end(user=link.user)
    return link.user


def links_end(*, user: User) -> None:
    """No link that was mailed to ``user`` before signs in any more."""
    SignInLink.objects.filter(user=user, used_at=None).delete()


def _usable(secret: str):
    return SignInLink.objects.filter(
        digest=digest_of(secret),
        used_at=None,
        expires_at__gt=timezone.now(),
        user__is_active=True,
    )


def digest_of(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def session_note(*, user: User, session: SessionBase, agent: str) -> None:
    """Remember that ``user`` is signed in here; what has ended meanwhile is forgotten."""
    if not session.session_key:
        session.create()
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    SignedIn.objects.filter(~Exists(alive), user=user).delete()
    SignedIn.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "agent": agent.replace("\0", "")[:AGENT_LENGTH],
            "since": timezone.now(),
        },
    )


def session_forget(session_key: str | None) -> None:
    SignedIn.objects.filter(session_key=session_key).delete()


def session_follow(*, before: str | None, now: str | None) -> None:
    """The same session under another key, as after a new password."""
    if before and now and before != now:
        SignedIn.objects.filter(session_key=before).update(session_key=now)


def session_end(*, user: User, signed_in_id: int) -> bool:
    """Sign out one browser of this member. False: it is not theirs, or ended already."""
    row = SignedIn.objects.filter(user=user, pk=signed_in_id).first()
    if row is None:
        return False
    _end(row)
    return True


def sessions_end(*, user: User, but: str | None = None) -> int:
    """Sign out every browser of this member, ``but`` for one session key; how many."""
    rows = list(SignedIn.objects.filter(user=user).exclude(session_key=but or ""))
    for row in rows:
        _end(row)
    return len(rows)


def _end(row: SignedIn) -> None:
    """Out of the database and the cache; the next request with that cookie is a guest's."""
    engine = import_module(settings.SESSION_ENGINE)
    engine.SessionStore(row.session_key).delete()
    row.delete()
