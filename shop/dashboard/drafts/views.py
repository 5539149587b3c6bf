"""Orders being taken: the list, and one of them with all that it would cost."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from orders.checkout.changes import shortages
from orders.checkout.countries import address_lines
from orders.checkout.views import quote_rows
from orders.drafts.links import draft_url
from orders.drafts.models import Draft, DraftState
from orders.drafts.selectors import draft_gaps, draft_price, drafts_open, payments_offered
from orders.models import ShippingAddress
from shop.core.office import may
from shop.dashboard.drafts import forms
from shop.dashboard.drafts.selectors import products_by_words

PAGE_SIZE = 40


def draft_list(request: HttpRequest) -> HttpResponse:
    """What is being taken and what waits for the customer, the newest first."""
    page = Paginator(drafts_open(), PAGE_SIZE).get_page(request.GET.get("page"))
    done = Draft.objects.filter(order__isnull=False).select_related("order", "customer", "taken_by")
    context = {
        "page_obj": page,
        "rows": list(page.object_list),
        "done": list(done.order_by("-order_id")[:10]),
        "may_start": may(request.user, "draft-new", "POST"),
        "may_see_orders": may(request.user, "order-detail"),
    }
    return render(request, "oscar/dashboard/drafts/list.html", context)


def draft_detail(
    request: HttpRequest, pk: int, *, bound: dict[str, Any] | None = None
) -> HttpResponse:
    """One order as it is taken. ``bound``: a form that was refused, so that nothing typed is lost."""
    draft = draft_or_404(pk)
    price = draft_price(draft) if draft.is_open else None
    quote = price.quote if price else None
    text = request.GET.get("q", "")[:120] or (bound or {}).get("text", "")
    may_change = draft.is_open and may(request.user, "draft-add", "POST")
    context = {
        "draft": draft,
        "state": draft.state,
        "quote": quote,
        "price": price,
        "lines": list(quote.basket.all_lines()) if quote else [],
        "totals": quote_rows(quote) if quote else [],
        "short": {one.line.pk: one.left for one in shortages(quote.basket)} if quote else {},
        "coupons": [one for one in draft.basket.vouchers.all() if one.pk != draft.voucher_id],
        "address": address_lines(ShippingAddress(**draft.place)) if draft.place else [],
        "gaps": draft_gaps(draft, price) if price else [],
        "payments": payments_offered(price, is_office=True) if price else [],
        "text": text,
        "found": products_by_words(draft, text) if may_change else [],
        "link": draft_url(draft) if draft.state == DraftState.SENT else "",
        "may_change": may_change,
        "may_see_people": may_change and may(request.user, "draft-customer", "POST"),
        "may_discount": draft.is_open and may(request.user, "draft-discount", "POST"),
        "may_place": draft.is_open and may(request.user, "draft-order", "POST"),
        "add_form": forms.AddForm(initial={"q": text}, auto_id="add_%s"),
        "coupon_form": forms.CouponForm(auto_id="coupon_%s"),
        "delivery_form": forms.DeliveryForm(initial={"note": draft.note}, auto_id="delivery_%s"),
        "discount_form": forms.DiscountForm(
            initial={
                "percent": draft.discount_percent,
                "amount": draft.discount_amount,
                "reason": draft.discount_reason,
            },
            currency=draft.currency,
            auto_id="discount_%s",
        ),
    } | (bound or {})
    status = 422 if bound else 200
    if request.htmx and not bound:
        return render(request, "oscar/dashboard/drafts/_found.html", context)
    return render(request, "oscar/dashboard/drafts/detail.html", context, status=status)


def draft_or_404(pk: int) -> Draft:
    rows = Draft.objects.select_related(
        "customer", "order", "basket", "voucher", "taken_by", "discount_by"
    )
    return get_object_or_404(rows, pk=pk)
