"""The storefront's pages of reviews and questions."""

from catalog.opinions.views.questions import QuestionDetail, QuestionsList, answer_vote
from catalog.opinions.views.report import OpinionReport
from catalog.opinions.views.reviews import (
    ReviewWrite,
    review_detail,
    review_take_back,
    review_vote,
    reviews_list,
)

__all__ = [
    "OpinionReport",
    "QuestionDetail",
    "QuestionsList",
    "ReviewWrite",
    "answer_vote",
    "review_detail",
    "review_take_back",
    "review_vote",
    "reviews_list",
]
