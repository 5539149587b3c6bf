"""Many readers and moderators at once: one review each, exact votes, one decision, a true mean."""

from functools import partial

import pytest

from catalog.opinions.exceptions import AlreadyDecided, AlreadyReviewed
from catalog.opinions.models import HistoryEntry, State
from catalog.opinions.services.moderation import decide
from catalog.opinions.services.reviews import review_vote, review_write
from catalog.reviews.models import ProductReview, Vote
from shop.core.models import Mail
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory, UserFactory

TEXT = {"score": 4, "title": "Good", "text": "It does what it says."}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_eight_clicks_make_one_review() -> None:
    user, product = UserFactory(), ProductFactory()

    outcomes = at_once(*[partial(review_write, user=user, product=product, **TEXT)] * 8)

    assert kinds(outcomes) == {"ProductReview": 1, AlreadyReviewed.__name__: 7}
    assert ProductReview.objects.count() == 1


def test_votes_at_once_are_all_counted() -> None:
    review = review_write(user=UserFactory(), product=ProductFactory(), **TEXT)
    ProductReview.objects.filter(pk=review.pk).update(status=State.APPROVED)
    voters = UserFactory.create_batch(8)

    at_once(
        *(
            partial(review_vote, user=voter, review_id=review.pk, delta=1 if place < 5 else -1)
            for place, voter in enumerate(voters)
        )
    )

    review.refresh_from_db()
    assert (review.total_votes, review.delta_votes) == (8, 2)
    assert Vote.objects.count() == 8


def test_one_voter_at_once_with_themselves_counts_once() -> None:
    review = review_write(user=UserFactory(), product=ProductFactory(), **TEXT)
    ProductReview.objects.filter(pk=review.pk).update(status=State.APPROVED)

    at_once(*[partial(review_vote, user=UserFactory(), review_id=review.pk, delta=1)] * 6)

    review.refresh_from_db()
    assert (review.total_votes, review.delta_votes) == (1, 1)


def test_of_two_moderators_one_decides() -> None:
    review = review_write(user=UserFactory(), product=ProductFactory(), **TEXT)
    common = {"kind": "review", "pk": review.pk, "seen": State.PENDING}

    outcomes = at_once(
        *(
            partial(decide, state=state, actor=UserFactory(is_staff=True), reason="abuse", **common)
            for state in (State.APPROVED, State.REJECTED) * 3
        )
    )

    assert kinds(outcomes) == {"ProductReview": 1, AlreadyDecided.__name__: 5}
    assert HistoryEntry.objects.exclude(action="written").count() == 1
    assert Mail.objects.count() == 1


def test_the_mean_is_that_of_all_approvals_at_once() -> None:
    product = ProductFactory()
    reviews = [
        review_write(user=UserFactory(), product=product, **{**TEXT, "score": score})
        for score in (1, 2, 3, 4, 5, 5)
    ]
    actor = UserFactory(is_staff=True)

    at_once(
        *(
            partial(
                decide,
                kind="review",
                pk=review.pk,
                state=State.APPROVED,
                seen=State.PENDING,
                actor=actor,
            )
            for review in reviews
        )
    )

    product.refresh_from_db()
    assert product.rating == pytest.approx(20 / 6)
