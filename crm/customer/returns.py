"""A member's returns: the same pages as behind a signed link, found in the account."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from crm.customer.orders import OwnOrder
from orders.links import links_by_account
from orders.returns import complaint_views, views
from orders.returns.pages import return_pages
from orders.returns.selectors import returns_of_member

PER_PAGE = 10


class ListView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(returns_of_member(request.user.pk), PER_PAGE).get_page(
            request.GET.get("page")
        )
        pages = return_pages(page, links_by_account)
        context = {"page_obj": page, "pages": pages, "here": "returns"}
        return render(request, "oscar/customer/returns.html", context)


class AskView(OwnOrder, views.AskView):
    pass


class ShowView(OwnOrder, views.ShowView):
    pass


class SlipView(OwnOrder, views.SlipView):
    pass


class SendView(OwnOrder, views.SendView):
    pass


class LabelView(OwnOrder, views.LabelView):
    pass


class DropView(OwnOrder, views.DropView):
    pass


class ComplainView(OwnOrder, complaint_views.ComplainView):
    pass


class CancelView(OwnOrder, views.CancelView):
    pass


class PhotoView(OwnOrder, views.PhotoView):
    pass
