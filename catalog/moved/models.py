"""Addresses that are no longer, and where they lead.

Paths are kept without the language before them: ``/brands/kiln/`` stands for ``/zh-hans/brands/kiln/``
as well. A path longer than ``PATH_LENGTH`` is nobody's old address and is never kept.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PATH_LENGTH = 300  # characters
KEEP_DAYS = 90
DEAD_AT_MOST = 10_000  # rows; what nobody asked for long goes first


class Redirect(models.Model):
    """From ``old_path`` to a thing of the shop (``kind`` and ``key``), or to what an operator wrote.

    A thing is asked for its address when somebody comes, so the answer is always the newest one.
    Only an address at which nothing answers leads on: what stands there now always wins.
    """

    old_path = models.CharField(_("Old address"), max_length=PATH_LENGTH, unique=True)
    new_path = models.CharField(_("Leads to"), max_length=PATH_LENGTH, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    key = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(new_path="") & Q(kind="", key__isnull=True))
                | (Q(new_path="") & ~Q(kind="") & Q(key__isnull=False)),
                name="redirect_leads_to_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(old_path=F("new_path")), name="redirect_leads_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(old_path__startswith="/"), name="redirect_is_of_this_shop"
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="redirect_newest"),
            models.Index(fields=["kind", "key"], name="redirect_of_thing"),
        ]

    def __str__(self) -> str:
        return self.old_path


class DeadPath(models.Model):
    """An address that was asked for and at which nothing is. Nobody can be told from it.

    No query, no visitor, and of the page that led here only its host ("" when none was named).
    """

    path = models.CharField(max_length=PATH_LENGTH, unique=True)
    hits = models.PositiveIntegerField(default=0, help_text="by people")
    bot_hits = models.PositiveIntegerField(default=0, help_text="by robots")
    referrer = models.CharField(max_length=100, blank=True, help_text="host, the latest one")
    is_ours = models.BooleanField(default=False, help_text="a page of this shop links to it")
    first_seen = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["-hits", "-last_seen"], name="dead_path_most"),
            models.Index(fields=["last_seen"], name="dead_path_latest"),
        ]

    def __str__(self) -> str:
        return self.path
