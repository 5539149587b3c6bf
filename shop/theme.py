"""The choice between day and night, kept in a cookie so that the first paint is already right."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

from shop.core.redirects import next_path

CHOICES = ("light", "dark")
YEAR = 365 * 24 * 60 * 60  # seconds


@require_POST
def theme_set(request):
    """Keep ``theme`` (light or dark; anything else means: as the system says) and go back."""
    response = HttpResponseRedirect(next_path(request, request.POST.get("next", ""), "/"))
    if (theme := request.POST.get("theme")) in CHOICES:
        response.set_cookie(
            "theme", theme, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
