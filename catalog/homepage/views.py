"""The one thing that a reader does with the top of a page: close its notice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from catalog.homepage.cookies import closed_marks, closed_remember
from catalog.homepage.holes import notice_shown
from catalog.homepage.selectors import notices_running
from shop.core.redirects import next_path


@require_POST
def notice_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Not shown again in this browser until its words change; what comes after it takes its place."""
    notice = next((one for one in notices_running() if one.pk == pk and one.can_be_closed), None)
    response: HttpResponse
    if request.headers.get("HX-Request"):
        closed = [*closed_marks(request), *([notice.mark] if notice else [])]
        response = HttpResponse(notice_shown(request, closed=closed))
    else:
        response = redirect(next_path(request, request.POST.get("next", ""), "/"))
    if notice is not None:
        closed_remember(request, response, notice.mark)
    return response
