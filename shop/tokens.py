"""Forms on pages that a proxy keeps for everybody, and that carry no token of this visitor."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.csrf import csrf_failure as django_csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

FORM = "application/x-www-form-urlencoded"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of the field
FIELDS_AT_MOST = 50


@require_safe
@never_cache
def form_token(request: HttpRequest) -> HttpResponse:
    """A token for the forms of the page that asks; other sites cannot read the answer."""
    return HttpResponse(get_token(request), content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403. Who came with an empty token from a page kept at the edge, without scripts, may say once more
    that it was meant: the form is shown again with a token in it.
    """
    is_from_edge = (
        settings.EDGE_SECONDS > 0
        and request.content_type == FORM
        and request.POST.get(TOKEN) == ""
        and len(request.POST) <= FIELDS_AT_MOST
    )
    if not is_from_edge:
        return django_csrf_failure(request, reason)
    fields = [
        (name, value) for name, values in request.POST.lists() if name != TOKEN for value in values
    ]
    context = {"fields": fields, "there": request.get_full_path()}
    return render(request, "403_once_more.html", context, status=403)
