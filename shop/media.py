"""Uploaded pictures from the disk, for a shop without a server such as nginx in front."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.static import serve

DAY = 24 * 60 * 60  # seconds


def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file under MEDIA_ROOT; it never changes under its name."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    patch_cache_control(response, public=True, max_age=30 * DAY, immutable=True)
    return response
