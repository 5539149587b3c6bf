"""Reading what buyers think and ask. Everything here is about families that are shown."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.opinions.models import Answer, AnswerVote, Question, Report, ReviewPhoto, State
from catalog.opinions.photos import Photo, photo_of
from catalog.opinions.texts import OTHER
from catalog.pictures.selectors import facts_of
from catalog.reviews.models import ProductReview, Vote
from shop.core.prepared import INTEGER, Prepared

STARS = (5, 4, 3, 2, 1)
LANGUAGES = {"en": _("In English"), "zh-hans": _("In Chinese")}
REVIEWS_OPEN = 4  # on the product page
REVIEWS_PER_PAGE = 10
QUESTIONS_OPEN = 3
STRIP = 8  # photos in a row above the reviews

UP = (F("total_votes") + F("delta_votes")) / 2
SORTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "helpful": (_("Most helpful"), ("-delta_votes", "-total_votes", "-date_created", "-pk")),
    "newest": (_("Newest first"), ("-date_created", "-pk")),
    "highest": (_("Most stars first"), ("-score", "-delta_votes", "-date_created", "-pk")),
    "lowest": (_("Fewest stars first"), ("score", "-delta_votes", "-date_created", "-pk")),
}


def reader_language() -> str:
    return get_language() or OTHER


@dataclass(frozen=True)
class ReviewFilters:
    """What narrows the reviews of one product; unreadable words in an address are left out."""

    stars: int = 0
    photos: bool = False
    verified: bool = False
    language: str = ""
    sort: str = "helpful"

    @classmethod
    def parse(cls, query: Any) -> "ReviewFilters":
        stars, language, sort = (query.get(name, "") for name in ("stars", "language", "sort"))
        return cls(
            stars=int(stars) if stars in {"1", "2", "3", "4", "5"} else 0,
            photos=query.get("photos") == "1",
            verified=query.get("verified") == "1",
            language=language if language in LANGUAGES else "",
            sort=sort if sort in SORTS else "helpful",
        )

    def query(self, **changes: Any) -> str:
        """The address part of these filters with ``changes``; the usual order stays unsaid."""
        values = {**self.__dict__, **changes}
        if values["sort"] == "helpful":
            values["sort"] = ""
        pairs = [
            f"{name}={int(v) if isinstance(v, bool) else v}" for name, v in values.items() if v
        ]
        return "?" + "&".join(pairs) if pairs else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.stars or self.photos or self.verified or self.language)

    def allows(self, row: "_Group", *, without: str = "") -> bool:
        """Whether a review of this group is shown, one filter left aside."""
        return (
            (without == "stars" or self.stars in (0, row.score))
            and (without == "photos" or not self.photos or row.has_photo)
            and (without == "verified" or not self.verified or row.is_verified)
            and (without == "language" or self.language in ("", row.language))
        )


@dataclass(frozen=True)
class _Group:
    """Shown reviews that are alike in everything that filters ask, and how many they are."""

    score: int
    language: str
    is_verified: bool
    has_photo: bool
    number: int


@dataclass
class Summary:
    """All reviews of a product in figures. Counts follow the filters, but for their own one."""

    groups: list[_Group] = field(default_factory=list)
    filters: ReviewFilters = field(default_factory=ReviewFilters)

    @property
    def total(self) -> int:
        return sum(group.number for group in self.groups)

    @property
    def rating(self) -> float | None:
        total = self.total
        return sum(group.score * group.number for group in self.groups) / total if total else None

    @property
    def found(self) -> int:
        return sum(group.number for group in self.groups if self.filters.allows(group))

    @property
    def has_photos(self) -> bool:
        return any(group.has_photo for group in self.groups)

    def counted(self, name: str) -> Counter:
        """How many there would be for each value of one filter, the others as they are."""
        attribute = {"stars": "score", "photos": "has_photo", "verified": "is_verified"}
        counts: Counter = Counter()
        for group in self.groups:
            if self.filters.allows(group, without=name):
                counts[getattr(group, attribute.get(name, name))] += group.number
        return counts

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The histogram; each bar is a link, the one that is on takes its filter away."""
        counts = self.counted("stars")
        total = sum(counts.values())
        return [
            {
                "stars": stars,
                "count": counts[stars],
                "total": total,
                "is_on": self.filters.stars == stars,
                "query": self.filters.query(stars=0 if self.filters.stars == stars else stars),
            }
            for stars in STARS
        ]

    @property
    def chips(self) -> list[dict[str, Any]]:
        """The other filters that change something here."""
        chips = [
            self._chip("photos", _("With photos"), self.counted("photos")[True]),
            self._chip("verified", _("Verified purchases"), self.counted("verified")[True]),
        ]
        languages = self.counted("language")
        if len({group.language for group in self.groups}) > 1:
            chips += [
                self._chip("language", name, languages[code], code)
                for code, name in LANGUAGES.items()
            ]
        return [chip for chip in chips if chip["count"] or chip["is_on"]]

    def _chip(self, name: str, label: Any, count: int, value: Any = True) -> dict[str, Any]:
        is_on = getattr(self.filters, name) == value
        off: Any = "" if name == "language" else False
        query = self.filters.query(**{name: off if is_on else value})
        return {"label": label, "count": count, "is_on": is_on, "query": query}


def reviews_summary(product: Product, filters: ReviewFilters | None = None) -> Summary:
    """One query, whatever the number of reviews."""
    groups = [_Group(*row) for row in _groups.read(product=product.pk)]
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


@dataclass(frozen=True)
class AnswerShown:
    """One answer as the templates take it."""

    pk: int
    name: str
    text: str
    language: str
    is_shop: bool
    is_verified: bool
    is_own: bool
    helpful: int
    is_mine_helpful: bool
    created_at: dt.datetime


def questions_of(
    product: Product | int, *, text: str = "", only: int | None = None, user: Any = None
) -> QuerySet[Question]:
    """Shown questions with their answers: the reader's language first, then the answered ones.

    One query; ``total`` counts all that were found. Rows carry ``shown_answers`` once they went
    through `questions_ready`.
    """
    rows = Question.objects.filter(product=product, state=State.APPROVED)
    if only:
        rows = rows.filter(pk=only)
    answers = Answer.objects.filter(question=OuterRef("pk"), state=State.APPROVED)
    for word in text.split()[:6]:
        rows = rows.filter(Q(text__icontains=word) | Exists(answers.filter(text__icontains=word)))
    count = answers.order_by().values("question").annotate(number=Count("pk")).values("number")
    mine_first = Case(
        When(language=reader_language(), then=0), default=1, output_field=IntegerField()
    )
    answered_first = Case(When(answer_count__gt=0, then=0), default=1, output_field=IntegerField())
    return rows.annotate(
        answer_count=Coalesce(Subquery(count), 0),
        total=Window(Count("*")),
        answer_rows=ArraySubquery(_answer_rows(answers, user)),
    ).order_by(mine_first, answered_first, "-answer_count", "-created_at", "-pk")


def questions_first(product: Product, *, user: Any = None) -> list[Question]:
    """What `questions_of` gives for the product page: the first few. One query."""
    if user is not None and user.is_authenticated:
        return list(questions_of(product, user=user)[:QUESTIONS_OPEN])
    return _first_questions.read(product=product.pk)


_first_questions: Prepared[Question] = Prepared(
    lambda product: questions_of(product)[:QUESTIONS_OPEN], product=INTEGER
)


def _answer_rows(answers: QuerySet[Answer], user: Any) -> QuerySet:
    """The shop's first, then the most helpful."""
    member = user.pk if user is not None and user.is_authenticated else None
    votes = AnswerVote.objects.filter(answer=OuterRef("pk"))
    count = votes.order_by().values("answer").annotate(number=Count("pk")).values("number")
    names = ("pk", "name", "text", "language", "is_shop", "is_verified", "created_at")
    return (
        answers.annotate(
            helpful=Coalesce(Subquery(count), 0),
            is_mine_helpful=Exists(votes.filter(user=member)) if member else Value(False),
            is_own=Case(When(author=member, then=True), default=False) if member else Value(False),
        )
        .order_by("-is_shop", "-helpful", "created_at", "pk")
        .values_list(
            JSONObject(**{name: name for name in (*names, "helpful", "is_mine_helpful", "is_own")}),
            flat=True,
        )
    )


def questions_ready(rows: Iterable[Question]) -> list[Question]:
    """With ``shown_answers``."""
    ready = list(rows)
    for question in ready:
        question.shown_answers = [
            AnswerShown(**{**row, "created_at": dt.datetime.fromisoformat(row["created_at"])})
            for row in question.answer_rows
        ]
    return ready


def opinion_shown(product: Product, *, kind: str, pk: int) -> str | None:
    """The text of something that is shown on a page of ``product``; None if it is not."""
    shown = State.APPROVED
    rows: dict[str, QuerySet] = {
        "review": ProductReview.objects.filter(product=product, status=shown),
        "question": Question.objects.filter(product=product, state=shown),
        "answer": Answer.objects.filter(
            question__product=product, question__state=shown, state=shown
        ),
    }
    column = "body" if kind == "review" else "text"
    return rows[kind].filter(pk=pk).values_list(column, flat=True).first()


def opinions_waiting() -> dict[str, QuerySet]:
    """What the team has to read, by kind; each from an index. Photos of a waiting review go with it."""
    waits = State.PENDING
    return {
        "reviews": ProductReview.objects.filter(status=waits),
        "photos": ReviewPhoto.objects.filter(state=waits).exclude(review__status=waits),
        "questions": Question.objects.filter(state=waits),
        "answers": Answer.objects.filter(state=waits),
        "reports": Report.objects.filter(handled_at=None),
    }
