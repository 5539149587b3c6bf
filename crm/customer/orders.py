"""A member's orders: the same pages as behind a signed link, found in the account."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from orders import views as order_views
from orders.additions import views as additions
from orders.carriers import track
from orders.keeping import again
from orders.links import OrderLinks, links_by_account
from orders.models import Order
from orders.pages import order_pages
from orders.papers import views as paper_views
from orders.refunds import account_views
from orders.selectors import order_of_number, orders_of_member

PER_PAGE = 10


class HistoryView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(orders_of_member(request.user.pk), PER_PAGE).get_page(
            request.GET.get("page")
        )
        context = {"page_obj": page, "pages": order_pages(page), "here": "orders"}
        return render(request, "oscar/customer/orders.html", context)


class OwnOrder(LoginRequiredMixin):
    """Somebody else's order does not exist."""

    def find(self, *, number: str) -> tuple[Order, OrderLinks]:
        order = order_of_number(number)
        if order is None or order.user_id != self.request.user.pk:
            raise Http404
        return order, links_by_account(number)


class ShowView(OwnOrder, order_views.ShowView):
    template_name = "oscar/customer/order.html"

    def frame(self) -> dict:
        return {"here": "orders"}


class MessageView(OwnOrder, order_views.MessageView):
    template_name = "oscar/customer/order.html"

    def frame(self) -> dict:
        return {"here": "orders"}


class TrackView(OwnOrder, track.TrackView):
    pass


class PayView(OwnOrder, order_views.PayView):
    pass


class AdditionView(OwnOrder, additions.AdditionView):
    pass


class AccountView(OwnOrder, account_views.AccountView):
    pass


class CancelView(OwnOrder, order_views.CancelView):
    pass


class ReceivedView(OwnOrder, order_views.ReceivedView):
    pass


class StatusView(OwnOrder, order_views.StatusView):
    pass


class AgainView(OwnOrder, again.AgainView):
    pass


class PaperView(OwnOrder, paper_views.PaperView):
    pass
