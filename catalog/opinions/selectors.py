"""Reading what buyers said."""

from collections import Counter
from typing import Any

from catalog.models import Product
from catalog.reviews.models import ProductReview

REVIEWS_OPEN = 4  # at once; the others on demand
REVIEWS_SHOWN = 40
STARS = (5, 4, 3, 2, 1)


def reviews_shown(product: Product) -> dict[str, Any]:
    """Approved reviews, newest first, and how many gave how many stars. Two queries."""
    approved = ProductReview.objects.filter(product=product, status=ProductReview.APPROVED)
    scores = Counter(approved.order_by().values_list("score", flat=True))
    total = sum(scores.values())
    newest = approved.select_related("user").order_by("-date_created", "-pk")[:REVIEWS_SHOWN]
    reviews = list(newest) if total else []
    return {
        "reviews": reviews[:REVIEWS_OPEN],
        "more_reviews": reviews[REVIEWS_OPEN:],
        "review_count": total,
        "rating": sum(score * count for score, count in scores.items()) / total if total else None,
        "histogram": [{"stars": stars, "count": scores[stars], "total": total} for stars in STARS],
    }
