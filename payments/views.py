import io
from uuid import UUID

import segno
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotFound,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from payments import services
from payments.exceptions import GatewayRefused, GatewayUnavailable, WebhookInvalid
from payments.gateways import gateway
from payments.gateways.base import Visited
from payments.models import IntentState, PaymentIntent
from shop.core.money import shown
from shop.core.tasks import outbox_relay, send_once
from shop.core.throttle import client_address


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider's message: kept, answered at once, worked off by a task if there is work."""
    try:
        received = services.webhook_receive(
            provider=provider, body=request.body, headers=request.headers
        )
    except KeyError:
        return HttpResponseNotFound()
    except WebhookInvalid:
        return HttpResponseBadRequest("signature")
    except GatewayUnavailable:
        return HttpResponse("later", status=503)  # its provider sends it again
    if received.is_due:
        send_once(outbox_relay)
    answer = "ok" if received.is_new else "known"
    return HttpResponse(gateway(provider).webhook_answer or answer)


class PayView(View):
    """Our own page on the way to a wallet: a code to scan, or on with an address made for this visit.

    Whoever has the key may pay. What cannot be paid leads back to the order.
    """

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.intent = get_object_or_404(PaymentIntent, key=kwargs["key"])
        by = gateway(self.intent.gateway)
        if not _is_payable(self.intent) or not isinstance(by, Visited):
            return redirect("payment-return", key=self.intent.key)
        self.by = by
        with translation.override(self.intent.language):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._page() if self.intent.pay_code else self._leave()

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        """On a phone: open the app."""
        return self._leave()

    def _leave(self) -> HttpResponse:
        address = client_address(self.request)
        try:
            url = self.by.visit(self.intent, is_phone=_is_phone(self.request), address=address)
        except (GatewayUnavailable, GatewayRefused):
            error = _("The app cannot be opened right now. Please try again, or scan the code.")
            return self._page(error=error, status=503)
        answer = HttpResponseRedirect(url)
        answer.status_code = 303
        return answer

    def _page(self, *, error: str = "", status: int = 200) -> HttpResponse:
        code = self.intent.pay_code
        context = {
            "intent": self.intent,
            "wallet": str(gateway(self.intent.gateway).label),
            "total": shown(self.intent.amount, self.intent.currency, self.intent.language),
            "is_phone": _is_phone(self.request),
            "test_url": code if code.startswith("http") else "",
            "error": error,
        }
        answer = render(self.request, "payments/pay.html", context, status=status)
        add_never_cache_headers(answer)
        return answer


@never_cache
@require_safe
def pay_state(request: HttpRequest, key: UUID) -> HttpResponse:
    """Asked every few seconds by the page with the code: nothing, or where it goes on."""
    intent = get_object_or_404(PaymentIntent, key=key)
    if _is_payable(intent):
        return HttpResponse(status=204)
    answer = HttpResponse()
    answer["HX-Redirect"] = reverse("payment-return", args=[key])
    return answer


@never_cache
@require_safe
def pay_code(request: HttpRequest, key: UUID) -> HttpResponse:
    """The code to scan, drawn here."""
    intent = get_object_or_404(PaymentIntent.objects.exclude(pay_code=""), key=key)
    drawing = io.BytesIO()
    segno.make(intent.pay_code, error="m", micro=False).save(
        drawing, kind="svg", scale=6, border=4, light="#fff", xmldecl=False, svgclass=None
    )
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


def _is_payable(intent: PaymentIntent) -> bool:
    is_over = intent.expires_at is not None and intent.expires_at <= timezone.now()
    return intent.state == IntentState.OPEN and not is_over


def _is_phone(request: HttpRequest) -> bool:
    return "Mobi" in request.headers.get("User-Agent", "")
