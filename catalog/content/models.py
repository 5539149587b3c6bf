"""What the shop tells: guides with goods in them, and pages about the shop itself.

Texts are written in Markdown and kept beside the HTML that is made of them when they are saved,
see `catalog.content.markup`.
"""

import datetime as dt

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """What guides are about; has a list of its own."""

    name = models.CharField(_("Name"), max_length=60)
    slug = models.SlugField(_("Address"), unique=True)
    position = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(QuerySet):
    def shown(self, moment: dt.datetime | None = None) -> "ArticleQuerySet":
        """Those that readers see now, or will see at ``moment``, the latest first."""
        now = moment or timezone.now()
        return self.filter(
            Q(shown_until=None) | Q(shown_until__gt=now), is_public=True, published_at__lte=now
        ).order_by("-published_at", "-pk")


class Article(models.Model):
    """A guide. Readers see it when it is public, from ``published_at`` until ``shown_until``.

    ``minutes`` is the time that reading takes, counted from the text when it is saved.
    """

    slug = models.SlugField(_("Address"), max_length=80, unique=True)
    topic = models.ForeignKey(
        Topic,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("Topic"),
    )
    title = models.CharField(_("Title"), max_length=120)
    summary = models.CharField(_("In two sentences"), max_length=300, blank=True)
    body = models.TextField(_("Text"), blank=True)
    body_html = models.TextField(blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(default=1, editable=False)
    cover = models.ImageField(_("Cover"), upload_to="articles/", blank=True)
    cover_alt = models.CharField(_("What the cover shows"), max_length=160, blank=True)
    author = models.CharField(_("Written by"), max_length=80, blank=True)
    is_public = models.BooleanField(_("In the shop"), default=False)
    published_at = models.DateTimeField(_("Shown from"), null=True, blank=True)
    shown_until = models.DateTimeField(_("Shown until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    products = models.ManyToManyField(
        "catalogue.Product", through="ArticleProduct", related_name="articles"
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-pk")
        indexes = [models.Index(fields=["is_public", "-published_at"], name="article_shown")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(published_at__isnull=False),
                name="article_public_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(shown_until=None) | Q(shown_until__gt=F("published_at")),
                name="article_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ArticleProduct(models.Model):
    """A family that a guide is about, in the order of the hand.

    ``is_inside``: the text itself shows it, at the place where it names it.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="links")
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="article_links"
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_inside = models.BooleanField(default=False)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "product", "is_inside"], name="article_names_a_product_once"
            )
        ]


class PageKind(models.TextChoices):
    PLAIN = "plain", _("Page")
    LEGAL = "legal", _("Legal page")
    QUESTIONS = "questions", _("Questions and answers")


class Place(models.TextChoices):
    HELP = "help", _("Foot of the page: help")
    LEGAL = "legal", _("Foot of the page: the law")
    NOWHERE = "nowhere", _("Not in the menu")


class Page(models.Model):
    """A page about the shop. What readers see is its latest version that has begun.

    ``title`` and ``body`` are the words that are worked on; publishing copies them into a version.
    """

    slug = models.SlugField(_("Address"), max_length=60, unique=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=PageKind, default=PageKind.PLAIN)
    place = models.CharField(_("Linked from"), max_length=8, choices=Place, default=Place.HELP)
    position = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_public = models.BooleanField(_("In the shop"), default=True)
    title = models.CharField(_("Title"), max_length=120)
    body = models.TextField(_("Text"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title


class PageVersionQuerySet(QuerySet):
    def begun(self) -> "PageVersionQuerySet":
        """Those that hold or held, the present one first."""
        return self.filter(valid_from__lte=timezone.now()).order_by("-valid_from", "-number")


class PageVersion(models.Model):
    """What a page said from ``valid_from`` on. Rows are added, never changed.

    One that has not begun may still be taken back.
    """

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField(_("Valid from"))
    note = models.CharField(_("What changed"), max_length=160, blank=True)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    published_at = models.DateTimeField(auto_now_add=True)

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from", "-number")
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="page_version_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class FaqItem(models.Model):
    """A question that many have, on a page of questions."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="questions")
    question = models.CharField(_("Question"), max_length=200)
    answer = models.TextField(_("Answer"))
    answer_html = models.TextField(blank=True, editable=False)
    position = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_public = models.BooleanField(_("In the shop"), default=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.question
