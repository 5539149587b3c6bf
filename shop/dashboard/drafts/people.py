"""For whom an order is taken, and where it goes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from oscar.apps.address.models import UserAddress

from orders.checkout.countries import address_fields, address_lines
from orders.checkout.forms import HOME, AddressForm
from orders.drafts.models import Draft
from orders.drafts.services import draft_customer_set, draft_place_set
from orders.exceptions import CheckoutRefused
from orders.models import Order
from shop.core.finding import FindForm
from shop.dashboard.drafts.forms import CustomerForm
from shop.dashboard.drafts.selectors import people_by_words
from shop.dashboard.drafts.views import draft_or_404
from shop.dashboard.people import customers

LONGEST_KEY = 18


def draft_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Find somebody we know, or write down somebody new."""
    draft = draft_or_404(pk)
    if request.method != "POST":
        return _people(request, draft, _customer_form(draft))
    try:
        if member := request.POST.get("member"):
            _take_member(request, draft, member)
        elif number := request.POST.get("order"):
            _take_guest(draft, number)
        else:
            is_member = draft.customer_id is not None and "anew" not in request.POST
            initial = {"email": draft.email}
            form = CustomerForm(request.POST, initial=initial, is_member=is_member)
            if not form.is_valid():
                return _people(request, draft, form, status=422)
            customer = draft.customer if is_member else None
            draft_customer_set(draft=draft, customer=customer, **form.cleaned_data)
    except CheckoutRefused as error:
        messages.error(request, error.message)
    return redirect("dashboard:draft-detail", pk=pk)


def draft_place(request: HttpRequest, pk: int) -> HttpResponse:
    """A known address or a new one; a change of country asks that country's fields."""
    draft = draft_or_404(pk)
    if request.method != "POST":
        known = draft.place or {}
        country = known.get("country_id") or draft.country or HOME
        return _place(request, draft, AddressForm(initial=known, country=country))
    if saved := request.POST.get("saved"):
        address = _saved(draft).filter(pk=_key(saved)).first()
        if address is None:
            raise Http404
        return _placed(request, draft, address_fields(address))
    country = request.POST.get("country", HOME)
    if request.htmx or request.POST.get("for", country) != country:
        return _place(request, draft, AddressForm(initial=request.POST.dict(), country=country))
    form = AddressForm(request.POST, country=country)
    if not form.is_valid():
        return _place(request, draft, form, status=422)
    return _placed(request, draft, form.columns())


def _take_member(request: HttpRequest, draft: Draft, key: str) -> None:
    member = get_object_or_404(customers(request.user).filter(is_active=True), pk=_key(key))
    rows = UserAddress.objects.filter(user=member)
    address = rows.order_by("-is_default_for_shipping", "-num_orders_as_shipping_address").first()
    draft_customer_set(
        draft=draft,
        customer=member,
        email=member.email,
        language=member.language or draft.language,
        currency=draft.currency,
        place=address_fields(address) if address else None,
    )


def _take_guest(draft: Draft, number: str) -> None:
    rows = Order.objects.select_related("shipping_address", "facts").filter(user=None)
    order = get_object_or_404(rows, number=number)
    place = order.shipping_address
    draft_customer_set(
        draft=draft,
        customer=None,
        email=order.guest_email,
        language=order.facts.language,
        currency=order.currency,
        place=address_fields(place) if place else None,
    )


def _customer_form(draft: Draft) -> CustomerForm:
    initial = {"email": draft.email, "language": draft.language, "currency": draft.currency}
    return CustomerForm(initial=initial, is_member=draft.customer_id is not None)


def _people(
    request: HttpRequest, draft: Draft, form: CustomerForm, *, status: int = 200
) -> HttpResponse:
    find = FindForm(request.GET or None, hint=_("Name, e-mail or telephone"))
    text = find.text()
    context = {
        "draft": draft,
        "form": form,
        "find": find,
        "text": text,
        "people": people_by_words(request.user, text),
    }
    return render(request, "oscar/dashboard/drafts/customer.html", context, status=status)


def _place(
    request: HttpRequest, draft: Draft, form: AddressForm, *, status: int = 200
) -> HttpResponse:
    if request.htmx:
        return render(request, "oscar/checkout/_address_fields.html", {"form": form})
    saved = [{"pk": row.pk, "lines": address_lines(row)} for row in _saved(draft)[:12]]
    context: dict[str, Any] = {"draft": draft, "form": form, "saved": saved}
    return render(request, "oscar/dashboard/drafts/address.html", context, status=status)


def _placed(request: HttpRequest, draft: Draft, columns: dict[str, str]) -> HttpResponse:
    try:
        draft_place_set(draft=draft, columns=columns)
    except CheckoutRefused as error:
        messages.error(request, error.message)
    return redirect("dashboard:draft-detail", pk=draft.pk)


def _saved(draft: Draft) -> Any:
    rows = UserAddress.objects.filter(user=draft.customer_id) if draft.customer_id else None
    rows = UserAddress.objects.none() if rows is None else rows
    return rows.select_related("country").order_by("-is_default_for_shipping", "pk")


def _key(text: str) -> int:
    is_key = text.isascii() and text.isdigit() and len(text) < LONGEST_KEY
    return int(text) if is_key else 0
