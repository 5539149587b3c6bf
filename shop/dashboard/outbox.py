"""Follow-ups of what happened: due, and parked after too many failures."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core import outbox
from shop.core.models import OutboxDelivery
from shop.core.office import may

PAGE_SIZE = 40
OPEN = Q(delivered_at__isnull=True)
VIEWS = {
    "parked": (gettext_lazy("Failed"), OPEN & Q(parked_at__isnull=False)),
    "due": (gettext_lazy("Waiting"), OPEN & Q(parked_at__isnull=True)),
    "done": (gettext_lazy("Done"), ~OPEN),
}


def outbox_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "parked"
    rows = OutboxDelivery.objects.filter(VIEWS[view][1]).select_related("event").order_by("-pk")
    link = reverse("dashboard:outbox-list")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for delivery in page:
        delivery.facts = json.dumps(delivery.event.payload, ensure_ascii=False)
        delivery.short_name = delivery.handler.rpartition(".")[2]
    context = {
        "page_obj": page,
        "view": view,
        "tabs": [
            {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
            for code, (name, _rows) in VIEWS.items()
        ],
        "may_retry": view == "parked" and may(request.user, "outbox-retry", "POST"),
    }
    return render(request, "oscar/dashboard/outbox/outbox_list.html", context)


def outbox_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Another round of attempts, the first of them now."""
    delivery = get_object_or_404(OutboxDelivery, pk=pk)
    outbox.retry(delivery_id=delivery.pk)
    outbox.relay()
    delivery.refresh_from_db()
    if delivery.delivered_at:
        messages.success(request, _("Done."))
    else:
        messages.warning(
            request,
            _("It failed again and will be tried on: %(error)s") % {"error": delivery.last_error},
        )
    return redirect(f"{reverse('dashboard:outbox-list')}?view=due")
