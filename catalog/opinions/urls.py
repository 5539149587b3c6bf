"""Addresses of opinions, below those of their product. Names and keywords of reviews are Oscar's."""

from django.urls import re_path

from catalog.opinions import views

PRODUCT = r"^(?P<product_slug>[\w-]*)_(?P<product_pk>\d+)/"
ONE = r"(?P<pk>\d+)/"

urlpatterns = [
    re_path(PRODUCT + r"reviews/$", views.reviews_list, name="reviews-list"),
    re_path(PRODUCT + r"reviews/add/$", views.ReviewWrite.as_view(), name="reviews-add"),
    re_path(PRODUCT + r"reviews/take-back/$", views.review_take_back, name="reviews-take-back"),
    re_path(PRODUCT + rf"reviews/{ONE}$", views.review_detail, name="reviews-detail"),
    re_path(PRODUCT + rf"reviews/{ONE}vote/$", views.review_vote, name="reviews-vote"),
    re_path(PRODUCT + r"questions/$", views.QuestionsList.as_view(), name="questions-list"),
    re_path(PRODUCT + rf"questions/{ONE}$", views.QuestionDetail.as_view(), name="question-detail"),
    re_path(PRODUCT + rf"questions/answers/{ONE}vote/$", views.answer_vote, name="answer-vote"),
    re_path(
        PRODUCT + rf"(?P<kind>review|question|answer)/{ONE}report/$",
        views.OpinionReport.as_view(),
        name="opinion-report",
    ),
]
