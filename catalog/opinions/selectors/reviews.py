"""Reading what buyers think. Everything here is about families that are shown."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

from catalog.models import Product
from catalog.opinions.models import ReviewPhoto, State
from catalog.opinions.photos import Photo, photo_of
from catalog.opinions.selectors.summary import SORTS, Group, ReviewFilters, Summary
from catalog.opinions.texts import OTHER, reader_language
from catalog.pictures.selectors import facts_of
from catalog.reviews.models import ProductReview, Vote
from shop.core.prepared import INTEGER, Prepared

REVIEWS_OPEN = 4  # on the product page
REVIEWS_PER_PAGE = 10
STRIP = 8  # photos in a row above the reviews

UP = (F("total_votes") + F("delta_votes")) / 2


def reviews_summary(product: Product, filters: ReviewFilters | None = None) -> Summary:
    """One query, whatever the number of reviews."""
    groups = [Group(*row) for row in _groups.read(product=product.pk)]
    return Summary(groups, filters or ReviewFilters())


_groups: Prepared[tuple[Any, ...]] = Prepared(
    lambda product: (
        _approved(product)
        .order_by()
        .values("score", "text_language", "verified", "has_photo")
        .annotate(number=Count("pk"))
        .values_list("score", "text_language", "verified", "has_photo", "number")
    ),
    product=INTEGER,
)


def _approved(product: Product | int) -> QuerySet[ProductReview]:
    photos = ReviewPhoto.objects.filter(review=OuterRef("pk"), state=State.APPROVED)
    return ProductReview.objects.filter(product=product, status=State.APPROVED).annotate(
        text_language=Coalesce("detail__language", Value(OTHER)),
        verified=Coalesce("detail__is_verified", Value(False)),
        has_photo=Exists(photos),
    )


def reviews_of(
    product: Product | int,
    filters: ReviewFilters,
    *,
    user: Any = None,
    only: int | None = None,
    strip: int = 0,
) -> QuerySet[ProductReview]:
    """Shown reviews, those in the reader's language first. One query, photos and own vote with it.

    Rows carry ``shown_photos`` once they went through `reviews_ready`. ``strip``: how many photos
    of the whole product come along, for `strip_ready`.
    """
    rows = with_parts(_approved(product), user=user)
    if strip:
        rows = rows.annotate(strip_rows=strip_of(product, limit=strip))
    if only:
        return rows.filter(pk=only)
    narrow = {"score": filters.stars, "text_language": filters.language}
    narrow |= {"has_photo": filters.photos, "verified": filters.verified}
    rows = rows.filter(**{name: value for name, value in narrow.items() if value})
    mine_first = Case(
        When(text_language=reader_language(), then=0), default=1, output_field=IntegerField()
    )
    return rows.order_by(mine_first, *SORTS[filters.sort][1])


def with_parts(rows: QuerySet[ProductReview], *, user: Any = None) -> QuerySet[ProductReview]:
    """Adds variant, shop's reply, photos, votes and the reader's own vote."""
    photos = ReviewPhoto.objects.filter(review=OuterRef("pk"), state=State.APPROVED)
    fields = JSONObject(pk="pk", image="image", facts=facts_of("image"))
    member = user.pk if user is not None and user.is_authenticated else None
    vote = Vote.objects.filter(review=OuterRef("pk"), user=member).values("delta")
    return rows.select_related("detail__variant").annotate(
        photo_rows=ArraySubquery(photos.order_by("position", "pk").values_list(fields, flat=True)),
        up=UP,
        down=F("total_votes") - UP,
        my_vote=Subquery(vote[:1]) if member else Value(0),
    )


def reviews_first(product: Product, *, user: Any = None) -> list[ProductReview]:
    """What `reviews_of` gives for the product page: the first few, with the strip. One query."""
    if user is not None and user.is_authenticated:
        return list(reviews_of(product, ReviewFilters(), user=user, strip=STRIP)[:REVIEWS_OPEN])
    return _first_reviews.read(product=product.pk)


_first_reviews: Prepared[ProductReview] = Prepared(
    lambda product: reviews_of(product, ReviewFilters(), strip=STRIP)[:REVIEWS_OPEN],
    product=INTEGER,
)


def reviews_ready(rows: Iterable[ProductReview], product: Product) -> list[ProductReview]:
    """With pictures that have addresses, and the variant by the words that set it apart."""
    ready = list(rows)
    for review in ready:
        review.shown_photos = [
            photo_of(row["pk"], row["image"], row["facts"]) for row in review.photo_rows
        ]
        detail = getattr(review, "detail", None)
        variant = detail.variant if detail else None
        review.variant_name = variant_name(variant.title, product.title) if variant else ""
    return ready


def variant_name(variant: str, family: str) -> str:
    """``Mug, Mist`` of ``Mug`` → ``Mist``; a title of its own stays whole."""
    return variant.removeprefix(family).strip(" ,，·-–—") or variant


def strip_of(product: Product | int, *, limit: int = STRIP) -> ArraySubquery:
    """The newest photos of the product, for `reviews_of`: they come with its rows, read once."""
    rows = ReviewPhoto.objects.filter(
        review__product=product, review__status=State.APPROVED, state=State.APPROVED
    ).order_by("-review__date_created", "position", "pk")
    fields = JSONObject(pk="pk", image="image", facts=facts_of("image"), review="review_id")
    return ArraySubquery(rows.values_list(fields, flat=True)[:limit])


def strip_ready(rows: Sequence[ProductReview]) -> list[Photo]:
    """The photos that `strip_of` brought."""
    found = rows[0].strip_rows if rows else []
    return [photo_of(row["pk"], row["image"], row["facts"], row["review"]) for row in found]


def review_by(user: Any, product: Product) -> ProductReview | None:
    """The member's own review, whatever its state."""
    if not user.is_authenticated:
        return None
    mine = ProductReview.objects.select_related("detail")
    return mine.filter(product=product, user=user).first()
