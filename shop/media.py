"""Uploaded pictures from the disk, for a shop without a server such as nginx in front."""

import mimetypes

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.static import serve

YEAR = 365 * 24 * 60 * 60  # seconds

# Python before 3.13 does not know it, nor do older tables of the system.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file under MEDIA_ROOT; it never changes under its name."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response
