"""Oscar's reviews; what else we know of one stands in `catalog.opinions`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from oscar.apps.catalogue.reviews.abstract_models import AbstractProductReview


class ProductReview(AbstractProductReview):
    """What a member thinks of a product family. Who is gone leaves the opinion, not the name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews",
    )

    class Meta(AbstractProductReview.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="review_has_1_to_5_stars"
            ),
        ]
        indexes = [
            models.Index(fields=["product", "status", "-date_created"], name="review_of_product"),
            models.Index(fields=["date_created"], condition=Q(status=0), name="review_to_read"),
        ]


from oscar.apps.catalogue.reviews.models import *  # noqa: E402,F403
