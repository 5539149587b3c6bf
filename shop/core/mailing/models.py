"""What the owner of a mailbox said about mails that are not part of a purchase."""

from django.db import models
from django.utils import timezone


class Source(models.TextChoices):
    PAGE = "page", "page"
    LINK = "link", "link in a mail"
    ONE_CLICK = "one-click", "button of the mail program"


class MailChoice(models.Model):
    """Yes or no to one topic (`shop.core.mailing.topics`), when it was said, and where.

    ``email`` in small letters: guests have a say without an account.
    """

    email = models.EmailField()
    topic = models.CharField(max_length=20)
    is_wanted = models.BooleanField()
    changed_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=10, choices=Source.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email", "topic"], name="mail_choice_once_per_topic"),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="mail_choice_source_known"
            ),
        ]
