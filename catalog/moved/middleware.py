"""Old addresses lead on; addresses at which nothing is are counted."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from catalog.moved.leading import is_lost, led_on
from catalog.moved.log import dead_path_log


class MovedMiddleware:
    """Looks only at what was not found, so nothing that is there is ever led away from.

    `catalog.moved.views.not_found` has looked already before it drew its page; this is for the pages
    that views draw themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        if answer := led_on(request):
            return answer
        if path := is_lost(request):
            dead_path_log(request, path)
        return response
