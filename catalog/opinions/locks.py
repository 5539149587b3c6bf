"""The only place that locks opinions. Order: the opinion first, then its product."""

from django.db.models import Model

from catalog.models import Product
from catalog.opinions.models import Answer, Kind, Question, ReviewPhoto
from catalog.reviews.models import ProductReview

MODELS: dict[str, type[Model]] = {
    Kind.REVIEW: ProductReview,
    Kind.PHOTO: ReviewPhoto,
    Kind.QUESTION: Question,
    Kind.ANSWER: Answer,
}


def opinion_lock(kind: str, pk: int) -> Model:
    """The row, locked until the transaction ends. Raises ``DoesNotExist``."""
    return MODELS[kind]._default_manager.select_for_update(of=("self",)).get(pk=pk)


def product_lock(pk: int) -> None:
    """Two who change what is said of one product wait for each other; buying it does not wait."""
    list(Product.objects.filter(pk=pk).order_by().select_for_update(no_key=True).values_list("pk"))
