"""Reviews, questions and answers alike: what is shown, and what the team has to read."""

from django.db.models import QuerySet

from catalog.models import Product
from catalog.opinions.models import Answer, Question, Report, ReviewPhoto, State
from catalog.reviews.models import ProductReview


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
