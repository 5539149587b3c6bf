"""Gift vouchers that were sold: to mail again, or to take back. Codes are shown in part only."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotions.gifts import services
from promotions.gifts.models import GiftState, GiftVoucher
from shop.core.levels import sees
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
CODE_TAIL = 4  # letters that tell vouchers apart and open nothing


class GiftFilterForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("Order, name or e-mail")}
        ),
    )


def gift_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in GiftState.values else "all"
    form = GiftFilterForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    rows = GiftVoucher.objects.select_related("voucher", "order_line__order")
    if view != "all":
        rows = rows.filter(state=view)
    if text:
        person = Q(recipient_email__icontains=text) | Q(recipient_name__icontains=text)
        rows = rows.filter(
            Q(order_line__order__number__iexact=text)
            | (Q(voucher__code__iexact=text) if sees("email") else Q())
            | (person if sees("email") else Q())
        )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for gift in page.object_list:
        gift.tail = gift.code[-CODE_TAIL:]
    link = reverse("dashboard:gift-list")
    names = {"all": _("All"), **dict(GiftState.choices)}
    context = {
        "form": form,
        "keep": {"view": view},
        "page_obj": page,
        "tabs": [
            {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
            for code, name in names.items()
        ],
        "may_change": may(request.user, "gift-void", "POST"),
        "may_see_orders": may(request.user, "order-list"),
    }
    return render(request, "kinds/office/gift_list.html", context)


def gift_resend(request: HttpRequest, pk: int) -> HttpResponse:
    gift = get_object_or_404(GiftVoucher, pk=min(pk, MAX_ID))
    if services.gift_resend(gift_id=gift.pk):
        text = _("The voucher is on its way to %(email)s.")
        messages.success(request, text % {"email": gift.recipient_email})
    else:
        messages.error(request, _("It is used or void, or was mailed too often."))
    return redirect("dashboard:gift-list")


def gift_void(request: HttpRequest, pk: int) -> HttpResponse:
    gift = get_object_or_404(GiftVoucher, pk=min(pk, MAX_ID))
    if services.gifts_void(gift_id=gift.pk):
        messages.success(
            request, _("The code does not work any more. Send the money back on its order.")
        )
    else:
        messages.error(request, _("It is used or void already."))
    return redirect("dashboard:gift-list")
