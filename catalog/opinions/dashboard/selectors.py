"""The queue: reviews, photos, questions and answers in one list, oldest first."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value

from catalog.models import Product
from catalog.opinions.models import (
    Action,
    Answer,
    HistoryEntry,
    Kind,
    Question,
    Report,
    ReviewPhoto,
    State,
)
from catalog.opinions.photos import Photo, photo_of
from catalog.opinions.selectors.reviews import variant_name
from catalog.opinions.texts import OTHER
from catalog.pictures.selectors import with_picture
from catalog.reviews.models import ProductReview

Rows = QuerySet[Any]


@dataclass
class Item:
    """One text (or photo) as the queue shows it, whatever its kind."""

    kind: Kind
    pk: int
    state: State
    created_at: dt.datetime
    product: Product
    text: str
    language: str
    name: str = ""
    author: Any = None
    title: str = ""
    score: int = 0
    is_verified: bool = False
    is_shop: bool = False
    is_guest: bool = False
    variant: str = ""
    reply: str = ""
    about: str = ""  # an answer's question, a photo's review
    parent: tuple[Kind, int] | None = None
    photos: list[tuple[Photo, State]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    last: HistoryEntry | None = None
    version: int = 0

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.pk}"

    @property
    def ticket(self) -> str:
        """What its box sends: it and the version that was read."""
        return f"{self.key}-{self.version}"

    @property
    def is_pending(self) -> bool:
        return self.state == State.PENDING

    @property
    def can_reply(self) -> bool:
        return self.kind in (Kind.REVIEW, Kind.QUESTION)


def _base() -> dict[Kind, Rows]:
    """What exists of each kind; a photo whose review waits is read together with it."""
    return {
        Kind.REVIEW: ProductReview.objects.annotate(
            item_state=F("status"), item_at=F("date_created"), item_product=F("product_id")
        ),
        Kind.PHOTO: ReviewPhoto.objects.exclude(review__status=State.PENDING).annotate(
            item_state=F("state"), item_at=F("created_at"), item_product=F("review__product_id")
        ),
        Kind.QUESTION: Question.objects.annotate(
            item_state=F("state"), item_at=F("created_at"), item_product=F("product_id")
        ),
        Kind.ANSWER: Answer.objects.annotate(
            item_state=F("state"), item_at=F("created_at"), item_product=F("question__product_id")
        ),
    }


def _pending(kinds: dict[Kind, Rows]) -> dict[Kind, Rows]:
    return {kind: rows.filter(item_state=State.PENDING) for kind, rows in kinds.items()}


def _only(kind: Kind) -> Callable[[dict[Kind, Rows]], dict[Kind, Rows]]:
    return lambda kinds: {kind: _pending(kinds)[kind]}


def _unanswered(kinds: dict[Kind, Rows]) -> dict[Kind, Rows]:
    answered = Answer.objects.filter(question=OuterRef("pk"), state=State.APPROVED)
    rows = kinds[Kind.QUESTION].filter(~Exists(answered), item_state=State.APPROVED)
    return {Kind.QUESTION: rows}


def _reported(kinds: dict[Kind, Rows]) -> dict[Kind, Rows]:
    found = {}
    for kind, rows in kinds.items():
        still_open = Report.objects.filter(kind=kind, object_id=OuterRef("pk"), handled_at=None)
        found[kind] = rows.filter(Exists(still_open))
    return found


VIEWS: dict[str, Callable[[dict[Kind, Rows]], dict[Kind, Rows]]] = {
    "todo": _pending,
    "reviews": _only(Kind.REVIEW),
    "photos": _only(Kind.PHOTO),
    "questions": _only(Kind.QUESTION),
    "answers": _only(Kind.ANSWER),
    "unanswered": _unanswered,
    "reported": _reported,
    "all": lambda kinds: kinds,
}
NEWEST_FIRST = {"all"}


def view_counts() -> dict[str, int]:
    """How many wait in each view but "all". One query."""
    kinds = _base()
    parts = [
        rows.order_by()
        .annotate(in_view=Value(view, output_field=CharField()))
        .values("in_view")
        .annotate(number=Count("pk"))
        .values_list("in_view", "number")
        for view, narrow in VIEWS.items()
        if view not in ("all", "todo")
        for rows in narrow(kinds).values()
    ]
    counts: dict[str, int] = defaultdict(int)
    for view, number in parts[0].union(*parts[1:], all=True):
        counts[view] += number
    counts["todo"] = sum(counts[name] for name in ("reviews", "photos", "questions", "answers"))
    return counts


def queue(
    *, view: str, text: str = "", language: str = "", stars: int = 0, state: int | None = None
) -> Rows:
    """(kind, id) of a view's items, the oldest first; "all" shows the newest first.

    One query; safe to slice and to count.
    """
    kinds = VIEWS[view](_base())
    if stars:
        kinds = {kind: rows.filter(score=stars) for kind, rows in kinds.items() if kind == "review"}
    parts = []
    for kind, rows in kinds.items():
        rows = _narrowed(kind, rows, text=text, language=language)
        if state is not None:
            rows = rows.filter(item_state=state)
        parts.append(
            rows.order_by()
            .annotate(item_kind=Value(str(kind), output_field=CharField()))
            .values_list("item_kind", "pk", "item_at")
        )
    if not parts:
        return ProductReview.objects.none()
    joined = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return joined.order_by("-item_at" if view in NEWEST_FIRST else "item_at", "item_kind", "pk")


COLUMNS = {
    Kind.REVIEW: ("title", "body", "name", "product", "detail__language"),
    Kind.PHOTO: (
        "review__title",
        "review__body",
        "review__name",
        "review__product",
        "review__detail__language",
    ),
    Kind.QUESTION: ("text", "text", "name", "product", "language"),
    Kind.ANSWER: ("text", "question__text", "name", "question__product", "language"),
}


def _narrowed(kind: Kind, rows: Rows, *, text: str, language: str) -> Rows:
    *words_in, product, spoken = COLUMNS[kind]
    words_in += [f"{product}__title_en", f"{product}__title_zh_hans"]
    for word in text.split()[:6]:
        found = Q()
        for column in words_in:
            found |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(found)
    if language:
        is_it = Q(**{spoken: language})
        if language == OTHER and spoken.startswith(("detail", "review")):
            is_it |= Q(**{f"{spoken}__isnull": True})
        rows = rows.filter(is_it)
    return rows


def items_read(keys: Iterable[tuple[str, int]]) -> list[Item]:
    """The items of ``keys`` in their order; ten queries at most, whatever the number."""
    keys = [(Kind(kind), pk) for kind, pk in keys]
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for kind, pk in keys:
        by_kind[kind].append(pk)
    found: dict[tuple[Kind, int], Item] = {}
    for kind, ids in by_kind.items():
        for item in MAKERS[kind](ids):
            found[kind, item.pk] = item
    items = [found[key] for key in keys if key in found]
    _add_reports(items)
    _add_last(items)
    return items


def item_read(kind: str, pk: int) -> Item | None:
    return next(iter(items_read([(kind, pk)])), None)


def _reviews(ids: Sequence[int]) -> Iterable[Item]:
    rows = (
        ProductReview.objects.filter(pk__in=ids)
        .select_related("product", "user", "detail__variant")
        .prefetch_related(Prefetch("photos", with_picture(ReviewPhoto.objects.all(), "image")))
    )
    for row in rows:
        detail = getattr(row, "detail", None)
        variant = detail.variant if detail else None
        yield Item(
            kind=Kind.REVIEW,
            pk=row.pk,
            state=State(row.status),
            created_at=row.date_created,
            product=row.product,
            text=row.body,
            title=row.title,
            score=row.score,
            language=detail.language if detail else OTHER,
            name=row.name,
            author=row.user,
            is_verified=bool(detail and detail.is_verified),
            variant=variant_name(variant.title, row.product.title) if variant else "",
            reply=detail.reply if detail else "",
            version=detail.edits if detail else 0,
            photos=[
                (photo_of(photo.pk, photo.image.name, photo.picture_facts), State(photo.state))
                for photo in row.photos.all()
            ],
        )


def _photos(ids: Sequence[int]) -> Iterable[Item]:
    rows = ReviewPhoto.objects.filter(pk__in=ids).select_related("review__product", "review__user")
    for row in with_picture(rows, "image"):
        yield Item(
            kind=Kind.PHOTO,
            pk=row.pk,
            state=State(row.state),
            created_at=row.created_at,
            product=row.review.product,
            text="",
            about=row.review.title,
            parent=(Kind.REVIEW, row.review_id),
            language=OTHER,
            name=row.review.name,
            author=row.review.user,
            photos=[(photo_of(row.pk, row.image.name, row.picture_facts), State(row.state))],
        )


def _questions(ids: Sequence[int]) -> Iterable[Item]:
    rows = (
        Question.objects.filter(pk__in=ids)
        .select_related("product", "author")
        .prefetch_related("answers")
    )
    for row in rows:
        yield Item(
            kind=Kind.QUESTION,
            pk=row.pk,
            state=State(row.state),
            created_at=row.created_at,
            product=row.product,
            text=row.text,
            language=row.language,
            name=row.name,
            author=row.author,
            is_guest=bool(row.email),
            answers=[one for one in row.answers.all() if one.state == State.APPROVED],
        )


def _answers(ids: Sequence[int]) -> Iterable[Item]:
    rows = Answer.objects.filter(pk__in=ids).select_related("question__product", "author")
    for row in rows:
        yield Item(
            kind=Kind.ANSWER,
            pk=row.pk,
            state=State(row.state),
            created_at=row.created_at,
            product=row.question.product,
            text=row.text,
            about=row.question.text,
            parent=(Kind.QUESTION, row.question_id),
            language=row.language,
            name=row.name,
            author=row.author,
            is_verified=row.is_verified,
            is_shop=row.is_shop,
        )


MAKERS: dict[Kind, Callable[[Sequence[int]], Iterable[Item]]] = {
    Kind.REVIEW: _reviews,
    Kind.PHOTO: _photos,
    Kind.QUESTION: _questions,
    Kind.ANSWER: _answers,
}


def _of(items: Sequence[Item]) -> Q:
    wanted = Q(pk__in=[])
    for item in items:
        wanted |= Q(kind=item.kind, object_id=item.pk)
    return wanted


def _add_reports(items: Sequence[Item]) -> None:
    by_key = {(item.kind.value, item.pk): item for item in items}
    for report in Report.objects.filter(_of(items), handled_at=None).order_by("created_at", "pk"):
        by_key[report.kind, report.object_id].reports.append(report)


def _add_last(items: Sequence[Item]) -> None:
    """The last decision on each."""
    by_key = {(item.kind.value, item.pk): item for item in items}
    entries = (
        HistoryEntry.objects.filter(_of(items), action__in=[Action.APPROVED, Action.REJECTED])
        .select_related("actor")
        .order_by("at", "pk")
    )
    for entry in entries:
        by_key[entry.kind, entry.object_id].last = entry


def story_of(item: Item) -> QuerySet[HistoryEntry]:
    """Everything that happened to it, newest first."""
    entries = HistoryEntry.objects.filter(kind=item.kind, object_id=item.pk)
    return entries.select_related("actor").order_by("-at", "-pk")
