"""What prices were, and what one would be for somebody."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.partner.models import StockRecord
from catalog.pricing.charts import chart_made
from catalog.pricing.dashboard import selectors
from catalog.pricing.dashboard.forms import CheckForm
from catalog.pricing.dashboard.tabs import price_tabs
from catalog.pricing.explain import Explanation, explanation_make
from catalog.pricing.history import history_read
from catalog.pricing.models import PriceRecord
from catalog.pricing.prices import PriceContext
from shop.core.finding import FindForm
from shop.core.office import may

PAGE_SIZE = 40
YEAR = 365  # days


def history_list(request: HttpRequest) -> HttpResponse:
    """The newest changes of the shop, or the products that are looked for."""
    form = FindForm(request.GET or None, hint=_("Product or SKU"))
    text = form.text()
    rows = selectors.records_find(text=text) if text else selectors.changes_newest()
    context: dict[str, Any] = {
        "form": form,
        "text": text,
        "reset_url": reverse("dashboard:price-history-list") if text else "",
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": price_tabs(request.user, "price-history-list"),
    }
    if not text:
        context["rows"] = [
            {"change": change, "source": source_shown(change), "who": who_shown(change)}
            for change in context["page_obj"]
        ]
    return render(request, "pricing/dashboard/history_list.html", context)


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """A year of one product: who changed what, when, and from where."""
    record = get_object_or_404(
        StockRecord.objects.select_related("product__parent"), pk=min(pk, 2**63 - 1)
    )
    now = timezone.now()
    rows = history_read(record.pk, days=YEAR, moment=now)
    people = get_user_model().objects.in_bulk({row.user_id for row in rows if row.user_id})

    def words(change: PriceRecord) -> tuple[str, str]:
        person = people.get(change.user_id)
        return source_shown(change), person.email if person else ""

    begin = max(now - dt.timedelta(days=YEAR), rows[0].moment) if rows else now
    context = {
        "record": record,
        "chart": chart_made(rows, begin=begin, end=now, words=words),
        "may_check": may(request.user, "price-check"),
    }
    return render(request, "pricing/dashboard/history.html", context)


def check(request: HttpRequest) -> HttpResponse:
    """The explanation as that shopper would see it."""
    may_see_customers = request.user.has_perm("accounts.view_user")
    is_asked = "sku" in request.GET
    form = CheckForm(request.GET if is_asked else None, may_see_customers=may_see_customers)
    page = _explained(form) if is_asked and form.is_valid() else None
    context = {
        "form": form,
        "page": page,
        "tabs": price_tabs(request.user, "price-check"),
        "may_see_history": may(request.user, "price-history"),
    }
    status = 422 if form.errors else 200
    return render(request, "pricing/dashboard/check.html", context, status=status)


def _explained(form: CheckForm) -> Explanation | None:
    data = form.cleaned_data
    record = (
        StockRecord.objects.select_related(
            "product__product_class", "product__parent__product_class"
        )
        .filter(partner_sku=data["sku"].strip(), price__isnull=False)
        .order_by("pk")
        .first()
    )
    if record is None:
        form.add_error("sku", _("There is no such SKU."))
        return None
    user_id = None
    if email := data.get("customer"):
        user_id = (
            get_user_model()
            .objects.filter(email__iexact=email)
            .values_list("pk", flat=True)
            .first()
        )
        if user_id is None:
            form.add_error("customer", _("Nobody has an account with this e-mail."))
            return None
    context = PriceContext(quantity=data.get("quantity") or 1, user_id=user_id, explain=True)
    return explanation_make(record, context=context)


def source_shown(change: PriceRecord) -> str:
    """Where a change came from, in words."""
    kind, _colon, code = change.source.partition(":")
    if kind == "list":
        return _("Price list %(code)s") % {"code": code}
    return {
        "product": _("Product form"),
        "offers": _("Offer or clock"),
        "opening": _("First price"),
        "season": _("Price review"),
    }.get(kind, change.source)


def who_shown(change: PriceRecord) -> str:
    return change.user.email if change.user_id and change.user else ""
