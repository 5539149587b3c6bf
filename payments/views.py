from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import services
from payments.exceptions import WebhookInvalid
from payments.tasks import webhooks_process
from shop.core.tasks import send_quietly


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider's message: kept, answered at once, worked off by a task."""
    try:
        is_new = services.webhook_receive(
            provider=provider, body=request.body, headers=request.headers
        )
    except KeyError:
        return HttpResponseNotFound()
    except WebhookInvalid:
        return HttpResponseBadRequest("signature")
    if is_new:
        send_quietly(webhooks_process)
    return HttpResponse("ok" if is_new else "known")
