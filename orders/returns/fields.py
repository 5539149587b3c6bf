"""Fields that the forms for a return and for a complaint have both."""

from django.utils.translation import gettext_lazy

from catalog.opinions.forms import PhotosField, PhotosInput
from orders.returns.models import PHOTOS_AT_MOST


def photos_field() -> PhotosField:
    """What the shopper may show us; nobody else sees it."""
    return PhotosField(
        most=PHOTOS_AT_MOST,
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy(
            "Up to 5, each JPEG, PNG or WebP of 10 MB at most. Only we see them; they help most "
            "where something is damaged or wrong."
        ),
        widget=PhotosInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
