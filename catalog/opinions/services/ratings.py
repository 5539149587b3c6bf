"""What a product's reviews say together; lists and search follow in the same transaction."""

from django.db.models import Avg

from catalog.models import Product
from catalog.opinions.locks import product_lock
from catalog.refresh import families_touched
from catalog.reviews.models import ProductReview


def rating_refresh(product_id: int | None) -> None:
    """Average the shown reviews. Call inside the transaction that changed one of them.

    Oscar's own way saves the whole product as it was read, over what others changed meanwhile.
    """
    if product_id is None:
        return
    product_lock(product_id)
    shown = ProductReview.objects.filter(product=product_id, status=ProductReview.APPROVED)
    mean = shown.order_by().aggregate(mean=Avg("score"))["mean"]
    Product.objects.filter(pk=product_id).update(rating=mean)
    families_touched([product_id])
