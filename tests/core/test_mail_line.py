"""Mails go over one connection; one that fails keeps no other back."""

import datetime as dt
from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import ClassVar

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from shop.core import mail
from shop.core.models import Mail

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.03")]


class Line(BaseEmailBackend):
    """A connection to a mail server that hangs up, or knows nobody of that name, when told to."""

    opened: ClassVar[int] = 0
    closed: ClassVar[int] = 0
    sent: ClassVar[list[str]] = []
    hangs_up: ClassVar[list[str]] = []

    def open(self) -> bool:
        Line.opened += 1
        return True

    def close(self) -> None:
        Line.closed += 1

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        (message,) = email_messages
        (to,) = message.to
        if to in Line.hangs_up:
            Line.hangs_up.remove(to)
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        if to.startswith("nobody"):
            raise SMTPRecipientsRefused({to: (550, b"no such user")})
        Line.sent.append(to)
        return 1


@pytest.fixture(autouse=True)
def server(monkeypatch, settings) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_mail_line.Line"
    for name, start in (("opened", 0), ("closed", 0), ("sent", []), ("hangs_up", [])):
        monkeypatch.setattr(Line, name, start)


def _queue(*names: str) -> list[str]:
    to = [f"{name}@example.com" for name in names]
    for address in to:
        Mail.objects.create(
            key=address, kind="t", to=address, language="en", subject="S", text="T", html="H"
        )
    return to


def test_many_mails_go_over_one_connection():
    to = _queue(*(f"mei{n:02}" for n in range(mail.AT_ONCE + 3)))

    assert mail.send_due() == len(to)
    assert to == Line.sent
    assert (Line.opened, Line.closed) == (1, 1)
    assert mail.send_due() == 0
    assert Line.opened == 1


def test_an_address_that_is_refused_keeps_no_other_back():
    _queue("lin", "nobody", "mei")

    assert mail.send_due() == 2
    assert Line.sent == ["lin@example.com", "mei@example.com"]
    failed = Mail.objects.get(sent_at=None)
    assert (failed.attempts, failed.last_error[:21]) == (1, "SMTPRecipientsRefused")
    assert failed.due_at > timezone.now()


def test_a_line_that_was_dropped_between_two_mails_is_opened_again():
    to = _queue("lin", "mei")
    Line.hangs_up.append(to[1])

    assert mail.send_due() == 2
    assert to == Line.sent
    assert Line.opened == 2


def test_a_server_that_hangs_up_at_once_is_asked_later():
    to = _queue("lin")
    Line.hangs_up.append(to[0])

    assert mail.send_due() == 0
    assert Line.opened == 1
    assert Mail.objects.get().last_error.startswith("SMTPServerDisconnected")


def test_what_was_taken_and_not_begun_in_time_is_due_at_once(monkeypatch):
    _queue("lin", "mei", "yu")
    send = mail.Post.send

    def slowly(self: mail.Post, message: EmailMessage) -> None:
        send(self, message)
        monkeypatch.setattr(mail.time, "monotonic", lambda: 1e12)

    monkeypatch.setattr(mail.Post, "send", slowly)
    assert mail.send_due() == 1
    left = Mail.objects.filter(sent_at=None)
    assert [one.attempts for one in left] == [0, 0]
    assert all(one.due_at <= timezone.now() + dt.timedelta(seconds=1) for one in left)

    monkeypatch.undo()
    assert left.count() == 2
