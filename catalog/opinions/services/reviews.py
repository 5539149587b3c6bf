"""Writing, changing and taking back a review; votes on it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from catalog.models import Product
from catalog.opinions.exceptions import AlreadyReviewed, NoMoreEdits, OwnOpinion
from catalog.opinions.locks import opinion_lock
from catalog.opinions.models import (
    Action,
    HistoryEntry,
    Kind,
    Report,
    ReviewDetail,
    ReviewPhoto,
    State,
)
from catalog.opinions.services.ratings import rating_refresh
from catalog.opinions.services.story import note
from catalog.opinions.texts import language_of, signature
from catalog.reviews.models import ProductReview, Vote
from catalog.sales import sales
from shop.core.locks import retry_on_conflict

PHOTOS_AT_MOST = 4
EDITS_AT_MOST = 5
EDIT_DAYS = 180
FOLDER = "reviews"  # under MEDIA_ROOT


def review_write(
    *,
    user: Any,
    product: Product,
    score: int,
    title: str,
    text: str,
    photos: Sequence[ContentFile] = (),
) -> ProductReview:
    """Write the member's one review of ``product``, a family. It waits to be read.

    ``score``: 1 to 5 stars; ``photos``: cleaned by `shop.core.uploads`. Whether they bought it is
    asked now and kept. Raises ``AlreadyReviewed``; then nothing is left behind, no file either.
    """
    names = _store(photos)
    try:
        with transaction.atomic():
            review = _insert(user=user, product=product, score=score, title=title, text=text)
            _add_photos(review, names)
            note(Kind.REVIEW, review.pk, Action.WRITTEN, actor=user)
    except IntegrityError as error:
        _forget(names)
        if "product_id" in str(error) and "user_id" in str(error):
            raise AlreadyReviewed from error
        raise
    return review


def _insert(*, user: Any, product: Product, score: int, title: str, text: str) -> ProductReview:
    review = ProductReview(
        product=product,
        user=user,
        score=score,
        title=title,
        body=text,
        name=signature(user.first_name, user.last_name),
        status=State.PENDING,
    )
    # Oscar's save() would write the whole product again, for a rating that has not changed yet.
    ProductReview.objects.bulk_create([review])
    bought = sales().has_bought(user_id=user.pk, family_id=product.pk)
    ReviewDetail.objects.create(
        review=review,
        language=language_of(f"{title} {text}"),
        is_verified=bought,
        variant_id=sales().variant_bought(user_id=user.pk, family_id=product.pk)
        if bought
        else None,
    )
    return review


def review_change(
    *,
    user: Any,
    review_id: int,
    score: int,
    title: str,
    text: str,
    photos: Sequence[ContentFile] = (),
    drop: Iterable[int] = (),
) -> ProductReview:
    """Write it anew; it waits to be read again. ``drop``: ids of photos that go.

    Raises ``NoMoreEdits`` after five changes or half a year, ``DoesNotExist`` for another's review.
    """
    names = _store(photos)
    try:
        with transaction.atomic():
            review = opinion_lock(Kind.REVIEW, review_id)
            if review.user_id != user.pk:
                raise ProductReview.DoesNotExist
            detail, _is_new = ReviewDetail.objects.get_or_create(
                review=review, defaults={"language": language_of(text)}
            )
            if not can_change(review, detail):
                raise NoMoreEdits
            _forget_photos(review.photos.filter(pk__in=list(drop)))
            _add_photos(review, names[: PHOTOS_AT_MOST - review.photos.count()])
            was_shown = review.status == State.APPROVED
            ProductReview.objects.filter(pk=review.pk).update(
                score=score, title=title, body=text, status=State.PENDING
            )
            detail.language = language_of(f"{title} {text}")
            detail.edits += 1
            detail.edited_at = timezone.now()
            bought = sales().has_bought(user_id=user.pk, family_id=review.product_id)
            detail.is_verified = detail.is_verified or bought
            detail.save()
            note(Kind.REVIEW, review.pk, Action.CHANGED, actor=user)
            if was_shown:
                rating_refresh(review.product_id)
    except Exception:
        _forget(names)
        raise
    return review


def can_change(review: ProductReview, detail: ReviewDetail | None) -> bool:
    """Whether its author may still change it."""
    is_young = timezone.now() - review.date_created < dt.timedelta(days=EDIT_DAYS)
    return is_young and (detail is None or detail.edits < EDITS_AT_MOST)


@transaction.atomic
def review_take_back(*, user: Any, review_id: int) -> None:
    """The author takes it back: the text, its photos and all that was said about it are gone."""
    review = opinion_lock(Kind.REVIEW, review_id)
    if review.user_id != user.pk:
        raise ProductReview.DoesNotExist
    photos = list(review.photos.values_list("pk", flat=True))
    _forget_photos(review.photos.all())
    for model in (Report, HistoryEntry):
        model.objects.filter(kind=Kind.REVIEW, object_id=review.pk).delete()
        model.objects.filter(kind=Kind.PHOTO, object_id__in=photos).delete()
    ProductReview.objects.filter(pk=review.pk).delete()
    if review.status == State.APPROVED:
        rating_refresh(review.product_id)


@retry_on_conflict
def review_vote(*, user: Any, review_id: int, delta: int) -> ProductReview:
    """``delta``: 1 helpful, -1 not, 0 takes the vote back. The same twice changes nothing.

    Raises ``OwnOpinion``, and ``DoesNotExist`` for a review that is not shown.
    """
    review = opinion_lock(Kind.REVIEW, review_id)
    if review.status != State.APPROVED:
        raise ProductReview.DoesNotExist
    if review.user_id == user.pk:
        raise OwnOpinion
    mine = Vote.objects.filter(review=review, user=user)
    if not delta:
        mine.delete()
    elif not mine.update(delta=delta):
        # Oscar's save() counts in its own way, in between others; the lock and the line below do not.
        Vote.objects.bulk_create([Vote(review=review, user=user, delta=delta)])
    votes_recount(review.pk)
    review.refresh_from_db(fields=["total_votes", "delta_votes"])
    return review


def votes_recount(review_id: int) -> None:
    """The two sums that Oscar keeps on a review, from its votes."""
    sums = Vote.objects.filter(review=review_id).aggregate(total=Count("pk"), delta=Sum("delta"))
    ProductReview.objects.filter(pk=review_id).update(
        total_votes=sums["total"], delta_votes=sums["delta"] or 0
    )


def _store(photos: Sequence[ContentFile]) -> list[str]:
    """Files are written before the transaction, so that no row is locked meanwhile."""
    names = []
    for photo in photos[:PHOTOS_AT_MOST]:
        names.append(default_storage.save(f"{FOLDER}/{photo.name}", photo))
    return names


def _add_photos(review: ProductReview, names: Sequence[str]) -> None:
    """One by one: `catalog.pictures` listens and draws their widths."""
    for place, name in enumerate(names):
        ReviewPhoto.objects.create(review=review, image=name, position=place)


def _forget_photos(photos: Any) -> None:
    """Their files go with them, see `catalog.pictures.handlers`."""
    photos.delete()


def _forget(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
