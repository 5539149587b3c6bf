"""What `manage.py verify` checks about opinions."""

from collections.abc import Iterator

from django.db.models import Avg, Count, F, Q, Sum
from django.db.models.functions import Coalesce

from catalog.models import Product
from catalog.opinions.models import State
from catalog.reviews.models import ProductReview
from shop.core.verify import invariant

CLOSE = 0.0001  # means are kept as floats


@invariant("opinions: a product's rating is the mean of its shown reviews")
def rating_is_the_mean() -> Iterator[str]:
    shown = Q(reviews__status=State.APPROVED)
    means = dict(
        Product.objects.order_by()
        .values("pk")
        .annotate(mean=Avg("reviews__score", filter=shown))
        .filter(Q(mean__isnull=False) | Q(rating__isnull=False))
        .values_list("pk", "mean")
    )
    for pk, slug, rating in Product.objects.filter(pk__in=means).values_list(
        "pk", "slug", "rating"
    ):
        mean = means[pk]
        if (rating is None) != (mean is None) or abs((rating or 0) - (mean or 0)) > CLOSE:
            yield f"{slug}: rated {rating}, its reviews say {mean}"


@invariant("opinions: the votes of a review are counted right")
def votes_are_counted() -> Iterator[str]:
    off = (
        ProductReview.objects.order_by()
        .annotate(cast=Count("votes"), sum=Coalesce(Sum("votes__delta"), 0))
        .exclude(cast=F("total_votes"), sum=F("delta_votes"))
        .values_list("pk", "total_votes", "delta_votes", "cast", "sum")
    )
    for pk, total, delta, cast, sum_ in off:
        yield f"review {pk}: {total} votes, {delta} in sum; there are {cast}, {sum_} in sum"
