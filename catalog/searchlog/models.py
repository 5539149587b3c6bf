"""What people search for, what they found and what they did next. Nobody can be told from it.

Raw rows live for ``KEEP_DAYS``; the days' sums stay.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

QUERY_LENGTH = 100  # characters; longer queries are cut
TYPED_LENGTH = 200
KEEP_DAYS = 90


class Search(models.Model):
    """One search: the first page of its results, once per visitor, words and ten minutes.

    ``query`` is normalised (width, case, spaces), ``typed`` is what was in the box. ``visitor`` is
    a key that changes every day, see `catalog.searchlog.visitors`.
    """

    query = models.CharField(max_length=QUERY_LENGTH)
    typed = models.CharField(max_length=TYPED_LENGTH)
    understood = models.CharField(
        max_length=QUERY_LENGTH, blank=True, help_text="what a typing slip was mended to"
    )
    language = models.CharField(max_length=12)
    results = models.PositiveIntegerField()
    took_ms = models.PositiveIntegerField(help_text="milliseconds")
    is_slow = models.BooleanField(default=False)
    visitor = models.CharField(max_length=16)
    searched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(query=""), name="search_has_words"),
        ]
        indexes = [
            models.Index(fields=["searched_at"], name="search_by_moment"),
            models.Index(fields=["query", "searched_at"], name="search_by_query"),
            models.Index(fields=["visitor", "searched_at"], name="search_by_visitor"),
        ]

    def __str__(self) -> str:
        return self.query


class SearchClick(models.Model):
    """A product opened from the results of a search, once each; and whether it went into a basket."""

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="clicks")
    family = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    clicked_at = models.DateTimeField(default=timezone.now)
    carted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "family"], name="search_click_once"),
        ]
        indexes = [models.Index(fields=["clicked_at"], name="search_click_by_moment")]

    def __str__(self) -> str:
        return f"{self.search_id}: {self.family_id}"


class SearchTermDay(models.Model):
    """A query's sums of one local day. Made anew from the raw rows as long as these exist."""

    day = models.DateField()
    query = models.CharField(max_length=QUERY_LENGTH)
    language = models.CharField(max_length=12)
    searches = models.PositiveIntegerField()
    visitors = models.PositiveIntegerField()
    zero = models.PositiveIntegerField(help_text="searches that found nothing")
    slow = models.PositiveIntegerField()
    clicked = models.PositiveIntegerField(help_text="searches from which a product was opened")
    carted = models.PositiveIntegerField(help_text="searches that ended in a basket")
    took_ms = models.PositiveIntegerField(help_text="milliseconds, mean")
    took_ms_most = models.PositiveIntegerField(help_text="milliseconds, slowest")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "query", "language"], name="search_term_day"),
            models.CheckConstraint(
                condition=Q(zero__lte=models.F("searches"), clicked__lte=models.F("searches")),
                name="search_term_day_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["query", "day"], name="search_term_by_query")]

    def __str__(self) -> str:
        return f"{self.day} {self.query}"
