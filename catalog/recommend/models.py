"""What each recommender says, what the team decided about it, and how the last runs went."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def percent(share: float | None, *, digits: int = 1) -> str:
    """0.1234 → ``12.3 %``; a dash for nothing."""
    return "–" if share is None else f"{share:.{digits}%}".replace("%", " %")


class Shelf(models.TextChoices):
    """The lists that shoppers see."""

    TOGETHER = "together", _("Bought together")
    SIMILAR = "similar", _("Similar")
    TASTE = "taste", _("For you")
    POPULAR = "popular", _("Popular now")


class Reason(models.TextChoices):
    """Why a suggestion stands there; the words are in `catalog.recommend.reasons`."""

    TOGETHER = "together", _("In the same orders")
    BUYERS = "buyers", _("Of the same buyers")
    TEXT = "text", _("Alike in words and facts")
    MAKER = "maker", _("The same maker")
    CATEGORY = "category", _("The same category")
    SALES = "sales", _("Sells now")
    CHOICE = "choice", _("Our choice")


class Suggestion(models.Model):
    """``other`` is suggested beside ``product`` (beside nothing for what is popular).

    Derived: `catalog.recommend.services.recommendations_rebuild` writes all of them anew and
    lays the team's choices over them (``pin``, ``is_banned``). Both sides are families. ``score``
    orders a shelf, higher first. The figures of bought together: ``both`` orders hold the two,
    ``orders`` of them the product, ``others`` the other one.
    """

    shelf = models.CharField(max_length=10, choices=Shelf.choices)
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, null=True, related_name="suggestions"
    )
    other = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="suggested"
    )
    score = models.FloatField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    both = models.PositiveIntegerField(null=True)
    orders = models.PositiveIntegerField(null=True)
    others = models.PositiveIntegerField(null=True)
    confidence = models.FloatField(null=True)
    lift = models.FloatField(null=True)
    pin = models.PositiveSmallIntegerField(null=True)
    is_banned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shelf", "product", "other"],
                nulls_distinct=False,
                name="suggestion_once_per_shelf",
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=True) | ~Q(product=F("other")),
                name="suggestion_is_another_product",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "shelf", "-score"], name="suggestion_of_product"),
            models.Index(fields=["shelf", "-lift"], name="suggestion_by_lift"),
        ]

    @property
    def shown(self) -> dict[str, str]:
        """The figures as percentages for tables. Support needs all orders, kept with the lift."""
        support = None
        if self.both and self.orders and self.others and self.lift:
            total = self.lift * self.orders * self.others / self.both
            support = self.both / total
        return {
            "support": percent(support, digits=2),
            "confidence": percent(self.confidence),
            "score": percent(self.score),
        }


class Verdict(models.TextChoices):
    PIN = "pin", _("Pinned")
    BAN = "ban", _("Banned")


class Choice(models.Model):
    """A pin or a ban of the team. Rows are ended, never deleted, so that they tell who did what.

    Without ``product`` it holds beside every product, without ``shelf`` on every list.
    """

    verdict = models.CharField(_("What"), max_length=3, choices=Verdict.choices)
    shelf = models.CharField(_("List"), max_length=10, choices=Shelf.choices, blank=True)
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, null=True, related_name="choices"
    )
    other = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="chosen")
    place = models.PositiveSmallIntegerField(_("Place"), default=1)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["shelf", "product", "other"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="choice_once_while_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(verdict="ban") | ~Q(shelf=""), name="choice_pin_names_its_list"
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=True) | ~Q(product=F("other")),
                name="choice_is_another_product",
            ),
        ]


class Run(models.Model):
    """One recomputation of everything. ``coverage``: share of families for sale, by list."""

    started_at = models.DateTimeField()
    seconds = models.FloatField()
    orders = models.PositiveIntegerField()
    families = models.PositiveIntegerField()
    rows = models.JSONField(default=dict)
    coverage = models.JSONField(default=dict)

    class Meta:
        ordering = ("-started_at", "-pk")

    def shelves(self) -> list[dict[str, Any]]:
        """Name, number of rows and coverage of each list, for tables."""
        return [
            {
                "shelf": shelf,
                "name": shelf.label,
                "rows": self.rows.get(shelf, 0),
                "shown": percent(self.coverage.get(shelf, 0.0), digits=0),
            }
            for shelf in Shelf
        ]


class Evaluation(models.Model):
    """How well each recommender found held-out orders; one row per measurement."""

    made_at = models.DateTimeField(auto_now_add=True)
    buyers = models.PositiveIntegerField()
    figures = models.JSONField(default=list)  # name, recall, hits, seconds

    class Meta:
        ordering = ("-made_at", "-pk")
