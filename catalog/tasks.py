"""The catalogue's work in the background; safe to run twice."""

from celery import shared_task

from catalog.models import ProductImage
from catalog.pictures import picture_widths_make


@shared_task(acks_late=True, autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def product_picture_widths(image_id: int) -> list[str]:
    """Make the smaller widths of an uploaded picture; nothing if it is gone again."""
    image = ProductImage.objects.filter(pk=image_id).first()
    return picture_widths_make(image.original) if image else []
