from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from payments import services
from payments.exceptions import GatewayUnavailable, WebhookInvalid
from payments.gateways import gateway
from payments.gateways.base import Visited
from payments.models import IntentState, PaymentIntent
from payments.tasks import webhooks_process
from shop.core.tasks import send_quietly
from shop.core.throttle import client_address


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
    except GatewayUnavailable:
        return HttpResponse("later", status=503)  # its provider sends it again
    if is_new:
        send_quietly(webhooks_process)
    return HttpResponse(gateway(provider).webhook_answer or ("ok" if is_new else "known"))


@never_cache
@require_safe
def pay(request: HttpRequest, key: UUID) -> HttpResponse:
    """On to the wallet, with an address made for this visit. What cannot be paid leads back."""
    intent = get_object_or_404(PaymentIntent, key=key)
    by = gateway(intent.gateway)
    is_over = intent.expires_at is not None and intent.expires_at <= timezone.now()
    if intent.state != IntentState.OPEN or is_over or not isinstance(by, Visited):
        return redirect("payment-return", key=key)
    return redirect(by.visit(intent, is_phone=_is_phone(request), address=client_address(request)))


def _is_phone(request: HttpRequest) -> bool:
    return "Mobi" in request.headers.get("User-Agent", "")
