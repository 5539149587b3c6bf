"""Reading what buyers ask, and what they are told."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
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

from catalog.models import Product
from catalog.opinions.models import Answer, AnswerVote, Question, State
from catalog.opinions.texts import reader_language
from shop.core.prepared import INTEGER, Prepared

QUESTIONS_OPEN = 3


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
