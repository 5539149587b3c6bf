"""Mails to those who wrote, in their language. Queued in the transaction of their cause."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from catalog.models import Product
from catalog.opinions.models import (
    Answer,
    HistoryEntry,
    Kind,
    Question,
    Reason,
    ReviewDetail,
    ReviewPhoto,
    State,
)
from catalog.reviews.models import ProductReview
from shop.core.mail import mail_queue
from shop.core.mailing.topics import ANSWERS

ABOUT_ANSWERS = ("review_replied", "question_answered")  # one can do without these


def decided_queue(kind: Kind | str, opinion: Any, entry: HistoryEntry) -> None:
    """It is shown now, or why it is not."""
    if kind == Kind.PHOTO:
        return  # the review's own mail tells; a single photo that is taken out later is small news
    is_shown = (opinion.status if kind == Kind.REVIEW else opinion.state) == State.APPROVED
    product = opinion.question.product if kind == Kind.ANSWER else opinion.product
    _queue(
        "opinion_shown" if is_shown else "opinion_refused",
        key=str(entry.pk),
        writer=_writer(opinion),
        product=product,
        page=_page_of(kind, is_shown),
        context={
            "kind": str(kind),
            "text": opinion.body if kind == Kind.REVIEW else opinion.text,
            "reason": entry.reason,
            "note": entry.note,
        },
    )


def _page_of(kind: Kind | str, is_shown: bool) -> str:
    """Where the mail leads: a review that is not shown can be changed."""
    if kind != Kind.REVIEW:
        return "questions-list"
    return "reviews-list" if is_shown else "reviews-add"


def replied_queue(review: ProductReview, detail: ReviewDetail) -> None:
    """The shop said something under a review. Once: a corrected reply is no news."""
    _queue(
        "review_replied",
        key=str(review.pk),
        writer=_writer(review),
        product=review.product,
        page="reviews-list",
        context={"text": detail.reply},
    )


def question_answered_queue(answer: Answer) -> None:
    """To the asker, once per answer; not for answers to oneself or to a question nobody sees."""
    question = answer.question
    if question.state != State.APPROVED or (
        question.author_id and question.author_id == answer.author_id
    ):
        return
    _queue(
        "question_answered",
        key=str(answer.pk),
        writer=_writer(question),
        product=question.product,
        page="questions-list",
        context={"question": question.text, "answer": answer},
    )


def _writer(opinion: ProductReview | ReviewPhoto | Question | Answer) -> tuple[str, str]:
    """Address and language; an empty address for people who are gone."""
    if isinstance(opinion, ProductReview):
        person = opinion.user
        detail = ReviewDetail.objects.filter(review=opinion).first()
        written = detail.language if detail else ""
    else:
        person, written = opinion.author, opinion.language
    address = person.email if person else getattr(opinion, "email", "")
    return address, (person.language if person else "") or written or settings.LANGUAGE_CODE


def _queue(
    kind: str,
    *,
    key: str,
    writer: tuple[str, str],
    product: Product,
    page: str,
    context: dict[str, Any],
) -> None:
    address, language = writer
    if not address:
        return
    with translation.override(language):
        path = reverse(
            f"catalogue:{page}",
            kwargs={"product_slug": product.slug, "product_pk": product.pk},
        )
        reason = context.pop("reason", "")
        mail_queue(
            topic=ANSWERS if kind in ABOUT_ANSWERS else "",
            key=f"{kind}:{page}:{key}",
            kind=kind,
            to=address,
            language=language,
            context={
                **context,
                "why": Reason(reason).label if reason else "",
                "product": product,
                "url": settings.PUBLIC_URL + path,
            },
        )
