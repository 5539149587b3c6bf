"""What the team does: show, hide, reply, and close reports. Every step leaves an entry."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.opinions.exceptions import AlreadyDecided, OwnOpinion
from catalog.opinions.locks import opinion_lock
from catalog.opinions.mails import decided_queue, question_answered_queue, replied_queue
from catalog.opinions.models import (
    Action,
    Answer,
    HistoryEntry,
    Kind,
    Question,
    Report,
    ReviewDetail,
    ReviewPhoto,
    State,
)
from catalog.opinions.services.ratings import rating_refresh
from catalog.opinions.services.story import note
from catalog.opinions.texts import language_of
from catalog.reviews.models import ProductReview
from shop.core.locks import retry_on_conflict

DECISIONS = {State.APPROVED: Action.APPROVED, State.REJECTED: Action.REJECTED}
Opinion = ProductReview | ReviewPhoto | Question | Answer


@dataclass
class BulkOutcome:
    """What became of many at once: how many are done, and what others had decided before."""

    done: int = 0
    late: list[AlreadyDecided] = field(default_factory=list)


def state_of(opinion: Opinion) -> State:
    return State(opinion.status if isinstance(opinion, ProductReview) else opinion.state)


def version_of(opinion: Opinion) -> int:
    """How often its words have changed."""
    if not isinstance(opinion, ProductReview):
        return 0
    edits = ReviewDetail.objects.filter(review=opinion).values_list("edits", flat=True).first()
    return edits or 0


def author_id(opinion: Opinion) -> int | None:
    if isinstance(opinion, ProductReview):
        return opinion.user_id
    return opinion.review.user_id if isinstance(opinion, ReviewPhoto) else opinion.author_id


@retry_on_conflict
def decide(
    *,
    kind: Kind | str,
    pk: int,
    state: State,
    seen: State,
    actor: Any,
    reason: str = "",
    text: str = "",
    version: int | None = None,
) -> Opinion:
    """Show (``State.APPROVED``) or hide it. ``seen`` and ``version``: what the moderator's page had.

    The rating, the lists and the search follow, the author gets a mail, open reports are closed.
    Raises ``AlreadyDecided`` when its state or its words are others by now, ``DoesNotExist`` when
    it is gone.
    """
    opinion = opinion_lock(kind, pk)
    if state_of(opinion) != seen or version not in (None, version_of(opinion)):
        raise already_decided(kind, opinion)
    entry = note(kind, pk, DECISIONS[state], actor=actor, reason=reason, text=text)
    _state_set(opinion, state)
    _reports_close(kind, pk)
    if isinstance(opinion, ProductReview):
        if state == State.APPROVED:
            opinion.photos.filter(state=State.PENDING).update(state=State.APPROVED)
        if State.APPROVED in (seen, state):
            rating_refresh(opinion.product_id)
    if seen != state:
        decided_queue(kind, opinion, entry)
    if isinstance(opinion, Answer) and state == State.APPROVED:
        question_answered_queue(opinion)
    return opinion


def decide_many(
    *, keys: Iterable[tuple[str, int, int]], state: State, actor: Any, reason: str = ""
) -> BulkOutcome:
    """The same for all of ``keys`` (kind, id, version) that still wait, each in its own transaction."""
    outcome = BulkOutcome()
    for kind, pk, version in keys:
        try:
            decide(
                kind=kind,
                pk=pk,
                state=state,
                seen=State.PENDING,
                actor=actor,
                reason=reason,
                version=version,
            )
        except ObjectDoesNotExist:
            continue  # taken back meanwhile: nothing is left to decide
        except AlreadyDecided as late:
            outcome.late.append(late)
        else:
            outcome.done += 1
    return outcome


def already_decided(kind: Kind | str, opinion: Opinion) -> AlreadyDecided:
    last = (
        HistoryEntry.objects.filter(
            kind=kind, object_id=opinion.pk, action__in=(*DECISIONS.values(), Action.CHANGED)
        )
        .select_related("actor")
        .order_by("-at", "-pk")
        .first()
    )
    is_team = bool(last and last.actor and last.action != Action.CHANGED)
    return AlreadyDecided(
        state=state_of(opinion),
        by=last.actor.get_full_name() or last.actor.email if last and is_team else "",
        at=last.at if last else None,
    )


def _state_set(opinion: Opinion, state: State) -> None:
    """Without save(): Oscar's would write the whole product."""
    column = "status" if isinstance(opinion, ProductReview) else "state"
    type(opinion)._default_manager.filter(pk=opinion.pk).update(**{column: state})
    setattr(opinion, column, state)


@transaction.atomic
def reply_set(*, review_id: int, text: str, actor: Any) -> ReviewDetail:
    """What the shop says under a review; an empty ``text`` takes it away. The first one is mailed."""
    review = opinion_lock(Kind.REVIEW, review_id)
    detail, _is_new = ReviewDetail.objects.get_or_create(
        review=review, defaults={"language": language_of(review.body)}
    )
    if detail.reply == text:
        return detail
    detail.reply, detail.replied_by = text, actor if text else None
    detail.replied_at = timezone.now() if text else None
    detail.save(update_fields=["reply", "replied_by", "replied_at"])
    note(Kind.REVIEW, review.pk, Action.REPLIED, actor=actor, text=text)
    if text and review.status == State.APPROVED:
        replied_queue(review, detail)
    return detail


def report_write(*, user: Any, kind: Kind | str, pk: int, reason: str, text: str = "") -> bool:
    """A member reports something that is shown. False if they did before.

    Raises ``OwnOpinion``, and ``DoesNotExist`` for what is not shown.
    """
    try:
        with transaction.atomic():
            opinion = opinion_lock(kind, pk)
            if state_of(opinion) != State.APPROVED:
                raise type(opinion).DoesNotExist
            if author_id(opinion) == user.pk:
                raise OwnOpinion
            Report.objects.create(kind=kind, object_id=pk, reporter=user, reason=reason, note=text)
            note(kind, pk, Action.REPORTED, actor=user, reason=reason, text=text)
    except IntegrityError as error:
        if "report_once_per_member" in str(error):
            return False
        raise
    return True


@transaction.atomic
def reports_close(*, kind: Kind | str, pk: int, actor: Any) -> bool:
    """Read, and nothing is wrong with it. False if somebody closed them already."""
    opinion_lock(kind, pk)
    closed = _reports_close(kind, pk)
    if closed:
        note(kind, pk, Action.REPORTS_CLOSED, actor=actor)
    return bool(closed)


def _reports_close(kind: Kind | str, pk: int) -> int:
    still_open = Report.objects.filter(kind=kind, object_id=pk, handled_at=None)
    return still_open.update(handled_at=timezone.now())
