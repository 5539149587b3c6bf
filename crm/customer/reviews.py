"""A member's own reviews, and what waits for one."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from catalog.models import Product
from catalog.opinions.models import State
from catalog.reviews.models import ProductReview
from crm.accounts.models import User
from orders.models import Line
from orders.states import OrderState

PER_PAGE = 12
ASKED = 6  # things that wait for a review


class ReviewsView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = (
            ProductReview.objects.filter(user=request.user)
            .select_related("product", "detail")
            .order_by("-date_created", "-pk")
        )
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page_obj": page,
            "reviews": [{"row": row, "state": State(row.status)} for row in page],
            "waiting": waiting_for_review(request.user),
            "here": "reviews",
        }
        return render(request, "oscar/customer/reviews.html", context)


def waiting_for_review(user: User) -> list[Product]:
    """Families that arrived and that this member has not reviewed. Two queries."""
    bought = Line.objects.filter(order__user=user, order__status=OrderState.DELIVERED)
    pairs = bought.order_by("-pk").values_list("product__parent_id", "product_id")[:200]
    ids = list(dict.fromkeys(parent or own for parent, own in pairs if parent or own))
    reviewed = ProductReview.objects.filter(user=user, product__in=ids).values("product")
    rows = Product.objects.browsable().filter(pk__in=ids).exclude(pk__in=reviewed).in_bulk()
    return [rows[pk] for pk in ids if pk in rows][:ASKED]
