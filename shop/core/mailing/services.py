"""Saying yes or no to mails, and asking what was said."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from shop.core.mailing.models import MailChoice
from shop.core.mailing.topics import TOPICS

SALT = "mailing.stop"


def choice_set(*, email: str, topic: str, is_wanted: bool, source: str) -> None:
    """The last word counts. ``KeyError`` for a topic that there is not."""
    MailChoice.objects.update_or_create(
        email=email.casefold(),
        topic=TOPICS[topic].code,
        defaults={"is_wanted": is_wanted, "source": source, "changed_at": timezone.now()},
    )


def is_wanted(*, email: str, topic: str) -> bool:
    """What was said last, else what is usual."""
    said = MailChoice.objects.filter(email=email.casefold(), topic=topic).first()
    return said.is_wanted if said else TOPICS[topic].is_usual


def choices_of(email: str) -> dict[str, bool]:
    """Every topic, by code. One query."""
    said = dict(MailChoice.objects.filter(email=email.casefold()).values_list("topic", "is_wanted"))
    return {code: said.get(code, topic.is_usual) for code, topic in TOPICS.items()}


def choices_follow(*, before: str, now: str) -> None:
    """A mailbox moved: what was said goes with it, unless the new one has said something itself."""
    said = MailChoice.objects.filter(email=now.casefold()).values("topic")
    moved = MailChoice.objects.filter(email=before.casefold()).exclude(topic__in=said)
    moved.update(email=now.casefold())


def stop_token(*, email: str, topic: str) -> str:
    """Proves that its bearer reads this mailbox. It never runs out: the law wants the way out open."""
    return signing.dumps([email.casefold(), topic], salt=SALT)


def stop_of(token: str) -> tuple[str, str] | None:
    """E-mail and topic; None for a token that is not ours."""
    try:
        email, topic = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (email, topic) if topic in TOPICS else None


def stop_url(*, email: str, topic: str, language: str) -> str:
    """The address behind "stop mails like this", which mail programs may also post to (RFC 8058)."""
    with translation.override(language):
        path = reverse("mail-stop", args=[stop_token(email=email, topic=topic)])
    return settings.PUBLIC_URL + path
