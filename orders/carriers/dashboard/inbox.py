"""What carriers told: waiting, done, and given up on after too many failures."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.carriers import services
from orders.carriers.models import CarrierMessage, Label
from orders.carriers.selectors import MESSAGES, messages_found
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
NAMES = {
    "parked": gettext_lazy("Failed"),
    "due": gettext_lazy("Waiting"),
    "done": gettext_lazy("Done"),
}


def message_list(request: HttpRequest) -> HttpResponse:
    """With ``number`` and ``order`` of the parcel that each is about. Two queries a page."""
    asked = request.GET.get("view", "")
    view = asked if asked in MESSAGES else "parked"
    page = Paginator(messages_found(view), PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = {one.tracking_number for one in page}
    known = Label.objects.filter(tracking_number__in=numbers).values_list(
        "carrier", "tracking_number", "order__number"
    )
    orders = {(carrier, number): order for carrier, number, order in known}
    for one in page:
        one.order = orders.get((one.carrier, one.tracking_number), "")
    link = reverse("dashboard:carrier-message-list")
    context = {
        "page_obj": page,
        "tabs": [
            {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
            for code, name in NAMES.items()
        ],
        "may_retry": view == "parked" and may(request.user, "carrier-message-retry", "POST"),
        "may_see_orders": may(request.user, "order-detail"),
    }
    return render(request, "carriers/office/message_list.html", context)


def message_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it now; twice is once."""
    message = get_object_or_404(CarrierMessage, pk=min(pk, MAX_ID))
    if services.message_retry(message_id=message.pk):
        services.messages_process()
        message.refresh_from_db()
        if message.processed_at:
            messages.success(request, _("Done."))
        else:
            text = _("It failed again and will be tried on: %(error)s")
            messages.warning(request, text % {"error": message.last_error})
    else:
        messages.info(request, _("That was done already."))
    return redirect("dashboard:carrier-message-list")
