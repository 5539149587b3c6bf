"""Where carriers tell."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.carriers import services
from orders.carriers.exceptions import MessageInvalid
from orders.carriers.tasks import messages_process
from shop.core.tasks import send_quietly


@csrf_exempt
@require_POST
def message(request: HttpRequest, carrier: str) -> HttpResponse:
    """A carrier's message: kept, answered at once, worked off by a task."""
    try:
        is_new = services.message_receive(
            carrier=carrier, body=request.body, headers=request.headers
        )
    except KeyError:
        return HttpResponseNotFound()
    except MessageInvalid:
        return HttpResponseBadRequest("signature")
    if is_new:
        send_quietly(messages_process)
    return HttpResponse("ok" if is_new else "known")
