"""Votes and reports: one per member, never on one's own, and slow for the eager."""

import pytest
from django.test import Client

from catalog.opinions.models import Report
from catalog.opinions.services.moderation import report_write
from catalog.reviews.models import Vote
from tests.factories import UserFactory
from tests.opinions.support import address, review_of

pytestmark = pytest.mark.django_db


def vote(client: Client, review, delta: str, **kwargs):
    url = address(review.product, "reviews-vote", pk=review.pk)
    return client.post(url, {"delta": delta}, **kwargs)


def counts(review) -> tuple[int, int]:
    review.refresh_from_db()
    return review.total_votes, review.delta_votes


def test_a_vote_can_be_changed_and_taken_back(member, product):
    review = review_of(product)

    seen = [(vote(member, review, delta), counts(review))[1] for delta in ("1", "1", "-1", "0")]

    assert seen == [(1, 1), (1, 1), (1, -1), (0, 0)]
    assert not Vote.objects.exists()


def test_nobody_votes_for_themselves(member, user, product):
    review = review_of(product, user=user)

    assert vote(member, review, "1").status_code == 409
    assert counts(review) == (0, 0)


def test_votes_need_a_member_and_a_shown_review(member, product):
    review, waiting = review_of(product), review_of(product, shown=False)

    stranger = vote(Client(), review, "1")

    assert stranger.status_code == 302
    assert "/login/" in stranger["Location"]
    assert vote(member, waiting, "1").status_code == 404
    assert vote(member, review, "7").status_code == 400
    assert not Vote.objects.exists()


def test_htmx_gets_the_buttons_or_the_way_to_sign_in(member, product):
    review = review_of(product)

    fresh = vote(member, review, "1", headers={"HX-Request": "true"})
    away = vote(Client(), review, "1", headers={"HX-Request": "true"})

    assert 'aria-pressed="true"' in fresh.content.decode()
    assert "<html" not in fresh.content.decode()
    assert "/login/" in away["HX-Redirect"]


def test_votes_of_an_erased_account_are_not_counted(user, member, product):
    review = review_of(product)
    vote(member, review, "1")

    user.delete()

    assert counts(review) == (0, 0)


def test_a_get_changes_nothing(member, product):
    review = review_of(product)

    assert member.get(address(product, "reviews-vote", pk=review.pk)).status_code == 405
    assert member.get(address(product, "reviews-take-back")).status_code == 405


def test_a_report_is_kept_once(member, product):
    review = review_of(product)
    url = address(product, "opinion-report", kind="review", pk=review.pk)

    assert member.get(url).status_code == 200
    assert member.post(url, {"reason": "nonsense"}).status_code == 422
    for _ in range(2):
        assert member.post(url, {"reason": "abuse", "note": "Rude"}).status_code == 302

    report = Report.objects.get()
    assert (report.kind, report.object_id, report.reason) == ("review", review.pk, "abuse")


def test_two_members_may_report_the_same(product):
    review = review_of(product)

    kept = [
        report_write(user=UserFactory(), kind="review", pk=review.pk, reason="abuse")
        for _ in range(2)
    ]

    assert kept == [True, True]
