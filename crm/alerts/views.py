"""Asking to be told, saying yes by mail, and stopping. A GET here changes nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.models import Product
from crm.alerts import selectors, services, throttle
from crm.alerts.forms import AlertForm
from crm.alerts.tokens import alert_of_token
from shop.core.events import StockAlertAsked
from shop.core.outbox import emit


@require_POST
@vary_on_headers("HX-Request")
def alert_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The same answer whether the address is known or not; a member's own box needs no mail."""
    product = get_object_or_404(
        Product.objects.public().exclude(parent__is_public=False).select_related("parent"),
        pk=pk,
        structure__in=[Product.CHILD, Product.STANDALONE],
    )
    if request.user.is_authenticated:
        services.alert_open(product_id=product.pk, user=request.user, language=_language())
        return _answer(request, product, is_member=True)
    form = AlertForm(request.POST)
    if form.is_valid() and not throttle.may_ask(request, form.cleaned_data["email"]):
        form.add_error("email", _("That was often. Please try again in an hour."))
    if not form.is_valid():
        template = "alerts/_ask.html" if _is_fragment(request) else "alerts/ask.html"
        return render(request, template, {"product": product, "form": form}, status=422)
    with transaction.atomic():
        emit(
            StockAlertAsked(
                product_id=product.pk, email=form.cleaned_data["email"], language=_language()
            )
        )
    return _answer(request, product, is_member=False)


def _answer(request: HttpRequest, product: Product, *, is_member: bool) -> HttpResponse:
    if _is_fragment(request):
        return render(request, "alerts/_asked.html", {"product": product, "is_member": is_member})
    if is_member:
        messages.success(request, _("We will write to you when it is back."))
    else:
        messages.success(
            request,
            _(
                "A mail with a link is on its way, unless you are on the list already. "
                "Open the link, and we will write to you when it is back."
            ),
        )
    return redirect(product_url(product))


def product_url(product: Product) -> str:
    family = product.parent if product.is_child else product
    query = f"?variant={product.pk}" if product.is_child else ""
    return f"{family.get_absolute_url()}{query}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the mail shows a button; the button says yes."""
    alert = selectors.alert_shown(alert_of_token(token))
    if alert is None:
        return render(request, "alerts/over.html", status=404)
    context = {"alert": alert, "token": token, "product_url": product_url(alert.product)}
    if request.method == "POST":
        context["is_done"] = services.alert_confirm(alert_id=alert.pk)
        context["is_over"] = not context["is_done"]
    return render(request, "alerts/confirm.html", context)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token is all the proof it takes
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The way out that every mail has: this alert, or all of this mail box."""
    alert = selectors.alert_shown(alert_of_token(token))
    if alert is None:
        return render(request, "alerts/over.html", status=404)
    context = {"alert": alert, "token": token, "product_url": product_url(alert.product)}
    if request.method == "POST":
        if "all" in request.POST or request.POST.get("List-Unsubscribe") == "One-Click":
            services.alerts_stop_all(email=alert.email)
        else:
            services.alert_stop(alert_id=alert.pk)
        context["is_done"] = True
    return render(request, "alerts/stop.html", context)


@require_safe
@never_cache
@login_required
def alert_list(request: HttpRequest) -> HttpResponse:
    """What a member waits for."""
    return render(
        request,
        "alerts/list.html",
        {"alerts": selectors.alerts_of(request.user)[:200], "here": "alerts"},
    )


@require_POST
@login_required
def alert_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """A member stops one of their own."""
    alert = get_object_or_404(selectors.alerts_of(request.user), pk=pk)
    services.alert_stop(alert_id=alert.pk)
    messages.success(request, _("Stopped. We will not write about it."))
    return redirect("stock-alerts")


def _language() -> str:
    return get_language() or "en"


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
