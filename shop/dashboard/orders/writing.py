"""Writing to the customer, from the page of an order."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from orders.life.messages import message_send, messages_close
from shop.dashboard.orders import forms
from shop.dashboard.orders.actions import back, order_or_404
from shop.dashboard.orders.views import order_detail


def message(request: HttpRequest, number: str) -> HttpResponse:
    order = order_or_404(number)
    form = forms.MessageForm(request.POST, auto_id="message_%s")
    if not form.is_valid():
        return order_detail(request, number, bound={"message_form": form})
    data = form.cleaned_data
    if message_send(order=order, text=data["text"], key=data["key"], user=request.user):
        messages.success(request, _("Sent. The customer gets it by mail and can answer."))
    else:
        messages.info(request, _("This message went out already."))
    return back(order)


def messages_read(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing is to be said."""
    order = order_or_404(number)
    messages_close(order=order, user=request.user)
    messages.success(request, _("Marked as read."))
    return back(order)
