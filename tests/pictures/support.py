"""Pictures to upload, and rows that show them."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from catalog.models import Product, ProductImage
from tests.factories import ProductFactory


def picture_bytes(
    size: tuple[int, int] = (1400, 1000), colour: Any = "tomato", kind: str = "PNG", **saved: Any
) -> bytes:
    buffer = BytesIO()
    mode = "RGBA" if isinstance(colour, tuple) and len(colour) == 4 else "RGB"
    Image.new(mode, size, colour).save(buffer, kind, **saved)
    return buffer.getvalue()


def image_of(
    product: Product | None = None, data: bytes | None = None, name: str = "cup.png"
) -> ProductImage:
    """A picture of a product, saved as a form saves it."""
    row = ProductImage(product=product or ProductFactory())
    row.original.save(name, ContentFile(picture_bytes() if data is None else data))
    return row
