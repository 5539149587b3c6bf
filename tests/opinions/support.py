"""Short ways to reviews, photos and buyers."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from catalog.models import Product
from catalog.opinions.models import Kind, ReviewDetail, State
from catalog.opinions.services.moderation import decide
from catalog.opinions.services.reviews import review_write
from catalog.reviews.models import ProductReview
from payments.services import intent_capture
from shop.core.outbox import relay
from tests.factories import UserFactory
from tests.sales import intent_of, order_of

TYPED = {"score": "4", "title": "No drips", "text": "Poured, put down, no ring on the table."}


def address(product: Product, name: str, **kwargs: Any) -> str:
    return reverse(
        f"catalogue:{name}",
        kwargs={"product_slug": product.slug, "product_pk": product.pk, **kwargs},
    )


def buyer_of(product: Product, **kwargs: Any) -> Any:
    """A member who has a paid order with it."""
    user = UserFactory(**kwargs)
    order = order_of(product, user=user)
    intent_capture(intent=intent_of(order))
    relay()
    return user


def review_of(product: Product, *, user: Any = None, shown: bool = True, **facts: Any) -> Any:
    """A review as the shop itself would have it."""
    language = facts.pop("language", None)
    fields = {"score": 4, "title": "Good", "text": "It does what it says.", **facts}
    review = review_write(user=user or UserFactory(), product=product, **fields)
    if language:
        ReviewDetail.objects.filter(review=review).update(language=language)
    if shown:
        moderator = UserFactory(is_staff=True)
        decide(
            kind=Kind.REVIEW,
            pk=review.pk,
            state=State.APPROVED,
            seen=State.PENDING,
            actor=moderator,
        )
    return ProductReview.objects.get(pk=review.pk)


def picture(
    name: str = "me.jpg", *, size: tuple[int, int] = (60, 40), kind: str = "JPEG", **save: Any
) -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", size, "#c8452d").save(buffer, kind, **save)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")
