"""The home page as blocks that the team arranges, and the notice at the top of every page.

The team works on a draft: the blocks without an edition. Publishing copies them into an edition in
one step; what readers see are the blocks of the latest one whose time it is.
"""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LINK_LENGTH = 300  # characters


class Kind(models.TextChoices):
    HERO = "hero", _("Opening picture")
    YOURS = "yours", _("For this visitor")
    POPULAR = "popular", _("Popular now")
    CHOSEN = "chosen", _("Our choice")
    NEWEST = "newest", _("Just arrived")
    COLLECTION = "collection", _("Collection")
    TILES = "tiles", _("Departments")
    GUIDE = "guide", _("Guides")
    COUNTDOWN = "countdown", _("Countdown")
    TEXT = "text", _("Text")


class Audience(models.TextChoices):
    EVERYBODY = "all", _("Everybody")
    GUESTS = "guests", _("Who is not signed in")
    MEMBERS = "members", _("Who is signed in")
    GROUP = "group", _("A customer group")


class Board(models.Model):
    """One row: the state of the draft. ``version`` grows with every change of any block.

    ``published``: the version that readers have; the draft holds nothing new when they are equal.
    """

    version = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="home_has_one_board")]


class Edition(models.Model):
    """What was published in one step. Its blocks are never changed."""

    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-pk",)


class Timed(models.Model):
    """What is shown in its time: from ``shown_from`` on, and no longer at ``shown_until``."""

    is_shown = models.BooleanField(_("Shown"), default=True)
    shown_from = models.DateTimeField(_("Shown from"), null=True, blank=True)
    shown_until = models.DateTimeField(_("Shown until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    def ends(self) -> dt.datetime | None:
        return self.shown_until

    def is_shown_at(self, moment: dt.datetime) -> bool:
        ends = self.ends()
        has_begun = self.shown_from is None or self.shown_from <= moment
        return self.is_shown and has_begun and (ends is None or moment < ends)

    def changes_after(self, moment: dt.datetime) -> list[dt.datetime]:
        """The moments still to come at which it appears or ends by itself."""
        if not self.is_shown:
            return []
        return [one for one in (self.shown_from, self.ends()) if one is not None and one > moment]


class Block(Timed):
    """A part of the home page. Which fields count follows from its kind.

    ``edition`` None: the draft. ``key`` is the same in the draft and in every edition. A title left
    empty is the usual one of the kind. ``ends_at`` is the end of a countdown, and of its block.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, null=True, blank=True, related_name="blocks"
    )
    key = models.UUIDField(editable=False)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(_("Title"), max_length=120, blank=True)
    text = models.TextField(_("Text"), blank=True)
    text_html = models.TextField(blank=True, editable=False)
    label = models.CharField(_("Words on the button"), max_length=40, blank=True)
    link = models.CharField(_("Where the button leads"), max_length=LINK_LENGTH, blank=True)
    second_label = models.CharField(_("Words on the second button"), max_length=40, blank=True)
    second_link = models.CharField(
        _("Where the second button leads"), max_length=LINK_LENGTH, blank=True
    )
    picture = models.ImageField(_("Picture"), upload_to="home/", blank=True)
    picture_alt = models.CharField(_("What the picture shows"), max_length=160, blank=True)
    collection = models.ForeignKey(
        "offer.Range",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Collection"),
    )
    article = models.ForeignKey(
        "content.Article",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Guide"),
    )
    category_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    ends_at = models.DateTimeField(_("Counts down to"), null=True, blank=True)
    audience = models.CharField(
        _("For whom"), max_length=8, choices=Audience, default=Audience.EVERYBODY
    )
    group = models.ForeignKey(
        "auth.Group",
        on_delete=models.CASCADE,  # a block that loses its group would be everybody's
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Customer group"),
    )

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "key"], nulls_distinct=False, name="home_block_once_an_edition"
            ),
            models.CheckConstraint(
                condition=Q(shown_until=None)
                | Q(shown_from=None)
                | Q(shown_until__gt=F("shown_from")),
                name="home_block_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.COUNTDOWN) | Q(ends_at__isnull=False),
                name="home_countdown_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.GROUP, group__isnull=False)
                | (~Q(audience=Audience.GROUP) & Q(group=None)),
                name="home_block_names_its_group",
            ),
        ]

    def __str__(self) -> str:
        """How the desk calls it: its title, or that of what it is about, or its kind."""
        about = (
            self.article or self.collection if self.kind in (Kind.GUIDE, Kind.COLLECTION) else ""
        )
        return self.title or str(about or "") or str(Kind(self.kind).label)

    def ends(self) -> dt.datetime | None:
        known = [one for one in (self.shown_until, self.ends_at) if one is not None]
        return min(known, default=None)

    @property
    def is_for_some(self) -> bool:
        return self.audience != Audience.EVERYBODY


class Tone(models.TextChoices):
    NIGHT = "night", _("Quiet")
    GOOD = "good", _("Good news")
    WARN = "warn", _("Take note")
    ACCENT = "accent", _("Festive")


class Notice(Timed):
    """One line at the top of every page. Of several whose time it is the first is shown.

    ``wording`` grows when its words change, so that who closed it sees the new ones.
    """

    text = models.CharField(_("Text"), max_length=160)
    link = models.CharField(_("Where it leads"), max_length=LINK_LENGTH, blank=True)
    tone = models.CharField(_("Tone"), max_length=8, choices=Tone, default=Tone.NIGHT)
    can_be_closed = models.BooleanField(_("Can be closed"), default=True)
    position = models.PositiveSmallIntegerField(_("Order"), default=0)
    wording = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_until=None)
                | Q(shown_from=None)
                | Q(shown_until__gt=F("shown_from")),
                name="notice_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def mark(self) -> str:
        """What the cookie of somebody who closed it holds."""
        return f"{self.pk}.{self.wording}"
