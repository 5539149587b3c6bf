"""Mails: queued with their cause, sent after it, in the reader's language."""

import datetime as dt
import logging
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from smtplib import SMTPServerDisconnected
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation

from shop.core.claiming import rows_claim, rows_give_back
from shop.core.inserting import row_insert_once, row_update
from shop.core.mailing.services import is_wanted, stop_url
from shop.core.models import Mail
from shop.core.prepared import TEXT, Prepared

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
#: Mails with a secret that is money: once they are sent their words are not kept.
WIPED = frozenset({"gift_card"})
AT_ONCE = 10  # mails that are taken together
CLAIM = dt.timedelta(
    minutes=2
)  # longer than sending those may take: none is begun after the call's seconds


def mail_queue(
    *,
    key: str,
    kind: str,
    to: str,
    language: str,
    context: dict,
    reference: str = "",
    topic: str = "",
    unsubscribe_url: str = "",
) -> Mail | None:
    """Render ``mails/<kind>.{subject.txt,txt,html}`` in ``language`` and queue it once per ``key``.

    ``topic``: a code of `shop.core.mailing.topics` for a mail that one can do without; None, and
    nothing queued, if this mailbox does not want it. ``unsubscribe_url``: where to stop it, if not there.
    """
    for existing in _known.read(key=key):
        return existing
    if topic:
        if not is_wanted(email=to, topic=topic):
            return None
        unsubscribe_url = stop_url(email=to, topic=topic, language=language)
    with translation.override(language):
        context = {
            "shop_name": settings.OSCAR_SHOP_NAME,
            "public_url": settings.PUBLIC_URL,
            "unsubscribe_url": unsubscribe_url,
            **context,
        }
        subject = " ".join(render_to_string(f"mails/{kind}.subject.txt", context).split())
        mail = Mail(
            key=key,
            kind=kind,
            to=to,
            language=language,
            reference=reference,
            unsubscribe_url=unsubscribe_url,
            subject=subject[:200],
            text=render_to_string(f"mails/{kind}.txt", context),
            html=render_to_string(f"mails/{kind}.html", context),
        )
    if row_insert_once(mail, by="key"):
        return mail
    return Mail.objects.get(key=key)  # somebody else was quicker


_known: Prepared[Mail] = Prepared(lambda key: Mail.objects.filter(key=key).order_by("pk"), key=TEXT)


def send_due(*, limit: int = 100, seconds: float = 20) -> int:
    """Send what is due, beginning none after ``seconds``. No lock is held while the mail server is spoken to.

    A few at a time are taken, and all go over one connection. One that is refused keeps no other back.
    """
    sent, begun, end = 0, 0, time.monotonic() + seconds
    with closing(Post()) as post:
        while begun < limit and time.monotonic() <= end:
            most = min(AT_ONCE, limit - begun)
            mails = rows_claim(Mail, done="sent_at", keep=CLAIM, most=most)
            for place, mail in enumerate(mails):
                if place and time.monotonic() > end:
                    rows_give_back(mails[place:])
                    break
                sent += _send(mail, post)
            begun += len(mails)
            if len(mails) < most:
                break
    return sent


def mail_retry(*, mail_id: int) -> bool:
    """Give a mail that could not be sent another round of attempts. False if it is sent."""
    return bool(
        Mail.objects.filter(pk=mail_id, sent_at__isnull=True).update(
            parked_at=None, attempts=0, due_at=timezone.now()
        )
    )


class Post:
    """One connection to the mail server for many mails, opened for the first of them."""

    def __init__(self) -> None:
        self._line: BaseEmailBackend | None = None

    def send(self, message: EmailMessage) -> None:
        """A line that the server dropped since the mail before is opened once more. Raises what the backend does."""
        is_kept = self._line is not None
        try:
            self._hand_over(message)
        except (SMTPServerDisconnected, ConnectionError):
            self.close()
            if not is_kept:
                raise
            self._hand_over(message)
        except Exception:
            self.close()  # who knows in which state it is
            raise

    def _hand_over(self, message: EmailMessage) -> None:
        if self._line is None:
            line = get_connection()
            line.open()
            self._line = line
        message.connection = self._line
        message.send()

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(Exception):  # what was sent is sent
                line.close()


class _Letter(EmailMultiAlternatives):
    """Between its parts stands what no text has: looking for something that it has not cost a search each time."""

    def message(self, **options: Any) -> Any:
        made = super().message(**options)
        made.set_boundary(f"={uuid4().hex}=")
        return made


def _send(mail: Mail, post: Post) -> bool:
    message = _Letter(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        headers={
            "Message-ID": f"<{mail.key}@storekeep>",
            "Content-Language": mail.language,
            **unsubscribe_headers(mail),
        },
    )
    message.attach_alternative(mail.html, "text/html")
    try:
        post.send(message)
    except Exception as error:  # smtplib, socket and backend errors alike: try again later
        mail.last_error = f"{type(error).__name__}: {error}"[:2000]
        mail.due_at = timezone.now() + dt.timedelta(seconds=min(5 * 2**mail.attempts, 3600))
        mail.parked_at = timezone.now() if mail.attempts >= MAX_ATTEMPTS else None
        row_update(mail, "last_error", "due_at", "parked_at")
        logger.warning("mail %s not sent (%s)", mail.pk, type(error).__name__)
        return False
    mail.sent_at = timezone.now()
    mail.last_error = ""
    if mail.kind in WIPED:
        mail.text = mail.html = ""
        row_update(mail, "sent_at", "last_error", "text", "html")
    else:
        row_update(mail, "sent_at", "last_error")
    return True


def unsubscribe_headers(mail: Mail) -> dict[str, str]:
    """Mail programs show a button for these and post to the address (RFC 2369, RFC 8058)."""
    if not mail.unsubscribe_url:
        return {}
    return {
        "List-Unsubscribe": f"<{mail.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


class FolderBackend(BaseEmailBackend):
    """Keeps each mail as an .eml file under ``EMAIL_FILE_PATH``; any mail program opens it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
            (folder / f"{stamp}.eml").write_bytes(message.message().as_bytes())
        return len(email_messages)
