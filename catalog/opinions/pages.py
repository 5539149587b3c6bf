"""What the pages of opinions show, put together."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator

from catalog.models import Product
from catalog.opinions.forms import QuestionForm
from catalog.opinions.selectors.questions import questions_first, questions_of, questions_ready
from catalog.opinions.selectors.reviews import (
    REVIEWS_PER_PAGE,
    STRIP,
    review_by,
    reviews_first,
    reviews_of,
    reviews_ready,
    reviews_summary,
    strip_ready,
)
from catalog.opinions.selectors.summary import SORTS, ReviewFilters

QUESTIONS_PER_PAGE = 12
QUERY_AT_MOST = 80


def section_shown(product: Product, *, user: Any = None) -> dict[str, Any]:
    """For the product page: figures, the first reviews, photos, the first questions.

    Three queries; a fourth finds a member's own review, which may still wait.
    """
    user = user or AnonymousUser()
    summary = reviews_summary(product)
    reviews = reviews_ready(reviews_first(product, user=user), product) if summary.total else []
    questions = questions_ready(questions_first(product, user=user))
    return {
        "mine": review_by(user, product),
        "summary": summary,
        "review_count": summary.total,
        "rating": summary.rating,
        "reviews": reviews,
        "strip": strip_ready(reviews),
        "questions": questions,
        "question_count": questions[0].total if questions else 0,
        "question_form": QuestionForm(guest=not user.is_authenticated, auto_id="ask-%s"),
    }


def reviews_page(product: Product, query: Any, *, user: Any) -> dict[str, Any]:
    """The page of all reviews under the filters in ``query``. Two queries, three for a member."""
    filters = ReviewFilters.parse(query)
    summary = reviews_summary(product, filters)
    mine = review_by(user, product)
    page = _page(reviews_of(product, filters, user=user, strip=STRIP), summary.found, query)
    reviews = reviews_ready(page.object_list, product)
    return {
        "mine": mine,
        "summary": summary,
        "filters": filters,
        "page_obj": page,
        "reviews": reviews,
        "strip": strip_ready(reviews) if page.number == 1 and not filters.is_narrowed else [],
        "sorts": [{"value": value, "name": name} for value, (name, _order) in SORTS.items()],
        "more": _more(page, filters.query()),
    }


def questions_page(product: Product, query: Any, *, user: Any) -> dict[str, Any]:
    """The page of all questions that hold the words of ``?q=``."""
    text = " ".join(query.get("q", "").replace("\x00", "")[:QUERY_AT_MOST].split())
    rows = questions_of(product, text=text, user=user)
    page = Paginator(rows, QUESTIONS_PER_PAGE).get_page(query.get("page"))
    return {"q": text, "page_obj": page, "questions": questions_ready(page.object_list)}


class _Counted(Paginator):
    """The number of rows is known already."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


def _page(rows: Any, count: int, query: Any) -> Page:
    return _Counted(rows, REVIEWS_PER_PAGE, count).get_page(query.get("page"))


def _more(page: Page, query: str) -> str:
    """The query of the next page; empty on the last."""
    if not page.has_next():
        return ""
    return f"{query or '?'}{'&' if query else ''}page={page.next_page_number()}"
