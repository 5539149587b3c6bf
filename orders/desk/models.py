"""What the list of orders is searched by, and the views of it that people keep."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class OrderWords(models.Model):
    """One row beside each order with all it can be found by. The database keeps it, by triggers.

    A word is ``c:`` and a piece of a number, SKU or tracking number, or ``p:`` and a piece of what
    is known of the person: name, e-mail, telephone. `orders.desk.words` asks for them.
    """

    order = models.OneToOneField(
        "order.Order", on_delete=models.CASCADE, primary_key=True, related_name="desk_words"
    )
    words = SearchVectorField()

    class Meta:
        # A search reads whatever of the newest orders is not sorted into it yet, so that is kept short.
        indexes = [GinIndex(fields=["words"], name="order_words", gin_pending_list_limit=256)]


class DeskView(models.Model):
    """A view of the list of orders that somebody keeps: ``query`` is its address without the path."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_views"
    )
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=600)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="desk_view_once_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="desk_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
