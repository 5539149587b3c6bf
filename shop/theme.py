"""The choice between day and night, kept in a cookie so that the first paint is already right."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

CHOICES = ("light", "dark")
YEAR = 365 * 24 * 60 * 60  # seconds


@require_POST
def theme_set(request):
    """Keep ``theme`` (light or dark; anything else means: as the system says) and go back."""
    there = request.POST.get("next", "/")
    secure = request.is_secure()
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=secure):
        there = "/"
    response = HttpResponseRedirect(there)
    if (theme := request.POST.get("theme")) in CHOICES:
        response.set_cookie(
            "theme", theme, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
