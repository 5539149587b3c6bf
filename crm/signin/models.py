"""How somebody came in, and where they are."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class SignInLink(models.Model):
    """A link by mail that signs in once. Of the secret only a digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_in_links"
    )
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="sign_in_link_lives_a_while"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__lte=F("expires_at")),
                name="sign_in_link_used_in_time",
            ),
        ]


class SignedIn(models.Model):
    """A session of a member: one row for each browser in which they are signed in.

    ``agent``: what the browser called itself; no address is kept.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in"
    )
    session_key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-since", "-pk")
