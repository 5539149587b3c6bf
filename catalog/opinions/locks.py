"""The only place that locks opinions. Order: the opinion first, then its product.

Who locks one changes it, so the kept pages of its product are dropped with the commit.
"""

from functools import partial

from django.db.models import Model

from catalog.models import Product
from catalog.opinions.models import Answer, Kind, Question, ReviewPhoto
from catalog.reviews.models import ProductReview
from shop.core.pagecache import drop, drop_families_of, family_tags

MODELS: dict[str, type[Model]] = {
    Kind.REVIEW: ProductReview,
    Kind.PHOTO: ReviewPhoto,
    Kind.QUESTION: Question,
    Kind.ANSWER: Answer,
}

FAMILY_PATHS: dict[str, str] = {
    Kind.REVIEW: "product_id",
    Kind.PHOTO: "review__product_id",
    Kind.QUESTION: "product_id",
    Kind.ANSWER: "question__product_id",
}


def opinion_lock(kind: str, pk: int) -> Model:
    """The row, locked until the transaction ends. Raises ``DoesNotExist``."""
    opinion = MODELS[kind]._default_manager.select_for_update(of=("self",)).get(pk=pk)
    drop_families_of(partial(_families_of, kind, pk))
    return opinion


def _families_of(kind: str, pk: int) -> list[int]:
    """Asked after the commit. What is gone by then was taken back, and its product was locked."""
    rows = MODELS[kind]._default_manager.filter(pk=pk).order_by()
    return list(rows.values_list(FAMILY_PATHS[kind], flat=True))


def product_lock(pk: int) -> None:
    """Two who change what is said of one product wait for each other; buying it does not wait."""
    drop(*family_tags([pk]))
    list(Product.objects.filter(pk=pk).order_by().select_for_update(no_key=True).values_list("pk"))
