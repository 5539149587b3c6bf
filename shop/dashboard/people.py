"""Customers: found, read, never changed here. Passwords and e-mails are their own business."""

from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from orders.models import Order
from orders.states import OrderState
from orders.sums.selectors import TOTAL_OWN
from shop.core.levels import sees
from shop.core.models import Mail
from shop.core.office import may
from shop.dashboard.orders.rows import WITHOUT_CUSTOMER, heads_of, order_rows

PAGE_SIZE = 40
RECENT = 20  # orders and mails shown of one customer


class CustomerFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or e-mail")}),
    )


def customers(viewer: User) -> QuerySet[User]:
    """Whom ``viewer`` may read: colleagues' accounts are for the owner alone."""
    return User.objects.all() if viewer.is_superuser else User.objects.filter(is_staff=False)


def customer_list(request: HttpRequest) -> HttpResponse:
    form = CustomerFilterForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    rows = customers(request.user).order_by("-date_joined", "-pk")
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
            if sees("email")
            else Q(pk__in=[word] if word.isascii() and word.isdecimal() and len(word) < 10 else [])
        )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    sums = customer_sums([person.pk for person in people])
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(person, sums.get(person.pk)) for person in people],
        "text": text,
    }
    return render(request, "oscar/dashboard/users/customer_list.html", context)


def customer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(customers(request.user), pk=pk)
    sees_orders = may(request.user, "order-list")
    placed = Order.objects.filter(user=person).order_by("-date_placed", "-pk")
    context = {
        "person": person,
        "sums": customer_sums([person.pk]).get(person.pk),
        "addresses": person.addresses.select_related("country").order_by("-pk")[:10],
        "sees_orders": sees_orders,
        "heads": heads_of(WITHOUT_CUSTOMER),
        "rows": order_rows(
            placed.values_list("pk", flat=True)[:RECENT] if sees_orders else [],
            columns=WITHOUT_CUSTOMER,
        ),
        "sees_mails": may(request.user, "mail-list"),
        "mails": Mail.objects.filter(to__iexact=person.email).order_by("-pk")[:RECENT],
    }
    return render(request, "oscar/dashboard/users/customer_detail.html", context)


def customer_sums(ids: list[int]) -> dict[int, dict]:
    """Orders, money spent (cancelled orders left out) and the last day, per customer. One query."""
    rows = (
        Order.objects.filter(user__in=ids)
        .exclude(status=OrderState.CANCELLED)
        .order_by()
        .values("user")
        .annotate(orders=Count("pk"), spent=Sum(TOTAL_OWN), last=Max("date_placed"))
    )
    return {
        row["user"]: row | {"average": (row["spent"] or Decimal(0)) / row["orders"]} for row in rows
    }
