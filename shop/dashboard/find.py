"""Finding anything of the back office by a few words: orders, parcels, returns, complaints, claims,
customers, products and pages.

A page of its own, and the list in the dialog that Ctrl K opens on every other one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from orders.carriers.models import Claim, Label
from orders.carriers.registry import carrier_name
from orders.carriers.states import ParcelState
from orders.fulfilment.models import Shipment
from orders.models import Order
from orders.returns.models import Complaint, Return
from orders.states import OrderState
from shop.core.finding import FindForm
from shop.core.names import name_shown
from shop.core.office import may
from shop.dashboard.goods.finding import Search, products_found
from shop.dashboard.orders.paging import orders_page
from shop.dashboard.orders.selectors import words_of
from shop.dashboard.people import customers

MOST = 6  # of each kind
LETTERS = 2  # before anything but pages is looked for


@dataclass(frozen=True)
class Hit:
    """One thing that was found. ``more``: what tells it from others of the same name."""

    name: str
    url: str
    more: str = ""


@dataclass(frozen=True)
class Kind:
    """Things of one kind. ``all_url``: the list of all that fit, empty where there is none."""

    name: str
    hits: list[Hit]
    all_url: str = ""


@vary_on_headers("HX-Request")
def find(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None, hint=_("Order, customer, product, parcel or page"))
    text = form.text().replace("\0", "").strip()
    context = {"form": form, "text": text, "kinds": found(request.user, text) if text else []}
    template = "_find_hits.html" if request.htmx else "find.html"
    return render(request, f"oscar/dashboard/{template}", context)


def found(user: Any, text: str) -> list[Kind]:
    """Only what ``user`` may open. One query or two for each kind."""
    kinds = [_pages(user, text)]
    if len(text) >= LETTERS:
        seekers: list[tuple[str, Callable[[Any, str], Kind]]] = [
            ("order-detail", _orders),
            ("order-detail", _parcels),
            ("return-detail", _returns),
            ("complaint-detail", _complaints),
            ("claim-detail", _claims),
            ("user-detail", _customers),
            ("catalogue-product", _products),
        ]
        kinds = [seek(user, text) for page, seek in seekers if may(user, page)] + kinds
    return [kind for kind in kinds if kind.hits]


def _orders(user: Any, text: str) -> Kind:
    ids = orders_page(Order.objects.order_by(), wanted=words_of(text)).ids[:MOST]
    there = Order.objects.select_related("shipping_address", "user").in_bulk(ids)
    states = dict(OrderState.choices)
    hits = []
    for order in (there[pk] for pk in ids if pk in there):
        place = order.shipping_address
        who = name_shown(place.first_name, place.last_name) if place else order.email
        url = reverse("dashboard:order-detail", args=[order.number])
        more = " · ".join(filter(None, [who, str(states.get(order.status, order.status))]))
        hits.append(Hit(order.number, url, more))
    return Kind(_("Orders"), hits, _list("order-list", text, view="all"))


def _parcels(user: Any, text: str) -> Kind:
    """By number: those with a label, handed over or not yet, and those whose number was typed."""
    labels = Label.objects.filter(tracking_number__istartswith=text, is_return=False)
    labels = labels.exclude(state=ParcelState.VOID).select_related("order").defer("pdf")
    typed = Shipment.objects.filter(tracking_number__istartswith=text).select_related("order")
    found: dict[tuple[str, str], Hit] = {}
    for parcel in [*labels.order_by("-pk")[:MOST], *typed.order_by("-pk")[:MOST]]:
        state = parcel.get_state_display() if isinstance(parcel, Label) else ""
        found.setdefault(
            (parcel.carrier, parcel.tracking_number),
            Hit(
                f"{carrier_name(parcel.carrier)} {parcel.tracking_number}",
                reverse("dashboard:order-detail", args=[parcel.order.number]),
                " · ".join(filter(None, [parcel.order.number, state])),
            ),
        )
    return Kind(_("Parcels"), list(found.values())[:MOST])


def _orders_of(text: str) -> list[int]:
    """Keys of orders whose number begins so, by its index; numbers are in capitals."""
    rows = Order.objects.filter(number__startswith=text.upper()).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:MOST])


def _returns(user: Any, text: str) -> Kind:
    """By their own number, the order's, or that of the parcel that comes back."""
    fits = (
        Q(number__startswith=text.upper())
        | Q(order__in=_orders_of(text))
        | Q(tracking_number__istartswith=text)
    )
    hits = [
        Hit(
            one.number,
            reverse("dashboard:return-detail", args=[one.number]),
            f"{one.order.number} · {one.get_state_display()}",
        )
        for one in Return.objects.filter(fits).select_related("order").order_by("-pk")[:MOST]
    ]
    return Kind(_("Returns"), hits)


def _complaints(user: Any, text: str) -> Kind:
    """By the number of the order, or of the parcel that they are about."""
    fits = Q(order__in=_orders_of(text)) | Q(parcel__tracking_number__istartswith=text)
    rows = Complaint.objects.filter(fits).select_related("order").order_by("-pk")[:MOST]
    hits = [
        Hit(
            str(one.get_kind_display()),
            reverse("dashboard:complaint-detail", args=[one.pk]),
            f"{one.order.number} · "
            + str(one.get_remedy_display() if one.closed_at else _("To put right")),
        )
        for one in rows
    ]
    return Kind(_("Complaints"), hits)


def _claims(user: Any, text: str) -> Kind:
    """By the carrier's number of the claim, the parcel's, or the order's."""
    fits = (
        Q(reference__istartswith=text)
        | Q(label__tracking_number__istartswith=text)
        | Q(label__order__in=_orders_of(text))
    )
    rows = Claim.objects.filter(fits).select_related("label__order").defer("label__pdf")
    hits = [
        Hit(
            f"{one.get_kind_display()} {one.label.tracking_number}",
            reverse("dashboard:claim-detail", args=[one.pk]),
            f"{one.label.order.number} · {one.get_state_display()}",
        )
        for one in rows.order_by("-pk")[:MOST]
    ]
    return Kind(_("Claims"), hits)


def _customers(user: Any, text: str) -> Kind:
    rows = customers(user)
    for word in text.split()[:MOST]:
        rows = rows.filter(
            Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    hits = [
        Hit(
            person.get_full_name() or person.email,
            reverse("dashboard:user-detail", args=[person.pk]),
            person.email,
        )
        for person in rows.order_by("-date_joined", "-pk")[:MOST]
    ]
    return Kind(_("Customers"), hits, _list("users-index", text))


def _products(user: Any, text: str) -> Kind:
    rows = products_found(Search(text=text)).order_by("-date_created", "-pk")[:MOST]
    hits = [
        Hit(product.get_title(), reverse("dashboard:catalogue-product", args=[product.pk]))
        for product in rows
    ]
    return Kind(_("Products"), hits, _list("catalogue-product-list", text))


def _pages(user: Any, text: str) -> Kind:
    """Lines of the side whose name has all the words."""
    words = text.casefold().split()
    hits = [
        Hit(str(entry["label"]), reverse(entry["url_name"]))
        for entry in _links(settings.OSCAR_DASHBOARD_NAVIGATION)
        if may(user, entry["url_name"])
        and all(one in str(entry["label"]).casefold() for one in words)
    ]
    return Kind(_("Pages"), hits[:MOST])


def _links(entries: Iterable[dict]) -> Iterable[dict]:
    for entry in entries:
        yield from entry.get("children", [entry])


def _list(url_name: str, text: str, **more: str) -> str:
    return f"{reverse(f'dashboard:{url_name}')}?{urlencode({**more, 'q': text})}"
