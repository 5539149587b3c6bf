"""What a visitor sees when something of ours is down."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

RETRY_AFTER_SECONDS = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database cannot be reached or is too busy, 500 for what is our own fault.

    Neither page asks the database for anything. Both say how long they are: what fails as an answer is on its way
    out has passed the middleware that would.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = HttpResponse(
            render_to_string("503.html"),
            status=503,
            headers={"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"},
        )
    else:
        answer = defaults.server_error(request)
    answer.headers["Content-Length"] = str(len(answer.content))
    return answer
