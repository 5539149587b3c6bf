"""What each role looks at first: its own figures, now against before, each with the way to its rows.

A figure counts rows of one table in the span of the page and in the same hours before it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Model, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.opinions.models import Question
from catalog.pricing.models import PriceRecord
from catalog.reviews.models import ProductReview
from catalog.searchlog.models import Search
from crm.accounts import roles
from crm.accounts.models import User
from orders.fulfilment.models import Shipment, ShipmentLine
from orders.life.models import OrderHold, OrderMessage
from orders.models import Order, OrderDiscount
from orders.returns.models import Return
from orders.states import OrderState
from payments.models import EntryKind, PaymentEntry, Refund
from promotions.voucher.models import VoucherApplication
from shop.core.audit.models import Action, Entry
from shop.core.office import may
from shop.dashboard.today import Span, tile
from supply.models import Reason, StockMovement

Rows = Callable[[], QuerySet[Any]]


@dataclass(frozen=True)
class Figure:
    """``rows`` of which those count whose ``moment`` is in the span; ``total``: added up instead."""

    name: Any
    rows: Rows
    moment: str
    page: str
    query: str = ""
    total: Any = None
    is_money: bool = False
    is_cost: bool = False  # more of it is no good news


def _of(model: type[Model], **narrow: Any) -> Rows:
    return lambda: model._default_manager.filter(**narrow).order_by()


DISCOUNT = Sum(
    F("amount") / Coalesce(F("order__sums__rate"), Value(Decimal(1))),
    output_field=DecimalField(max_digits=20, decimal_places=6),
)
FIGURES = {
    "parcels": Figure(_("Parcels sent"), _of(Shipment), "shipped_at", "order-list", "view=all"),
    "units": Figure(
        _("Units sent"),
        _of(ShipmentLine),
        "shipment__shipped_at",
        "order-list",
        "view=all",
        total=Sum("quantity"),
    ),
    "received": Figure(
        _("Units received"),
        _of(StockMovement, reason=Reason.RECEIVED),
        "moved_at",
        "ledger-list",
        f"reason={Reason.RECEIVED.value}",
        total=Sum("quantity"),
    ),
    "lost": Figure(
        _("Units lost or damaged"),
        _of(StockMovement, reason=Reason.LOST),
        "moved_at",
        "ledger-list",
        f"reason={Reason.LOST.value}",
        total=-Sum("quantity"),
        is_cost=True,
    ),
    "holds": Figure(
        _("Orders put on hold"),
        _of(OrderHold),
        "held_at",
        "order-list",
        "view=on_hold",
        is_cost=True,
    ),
    "cancelled": Figure(
        _("Orders cancelled"),
        _of(Order, status=OrderState.CANCELLED),
        "date_placed",
        "order-list",
        "view=all",
        is_cost=True,
    ),
    "asked": Figure(
        _("Messages of customers"),
        _of(OrderMessage, is_ours=False),
        "written_at",
        "order-list",
        "view=messages",
        is_cost=True,
    ),
    "answered": Figure(
        _("Answers written"),
        _of(OrderMessage, is_ours=True),
        "written_at",
        "order-list",
        "view=all",
    ),
    "returns": Figure(
        _("Returns asked for"), _of(Return), "created_at", "return-list", "view=all", is_cost=True
    ),
    "reviews": Figure(
        _("Reviews written"), _of(ProductReview), "date_created", "opinion-list", "view=all"
    ),
    "questions": Figure(_("Questions asked"), _of(Question), "created_at", "opinion-list"),
    "prices": Figure(_("Prices changed"), _of(PriceRecord), "moment", "price-history-list"),
    "searches": Figure(_("Searches"), _of(Search), "searched_at", "search-report"),
    "in_vain": Figure(
        _("Searches in vain"),
        _of(Search, results=0),
        "searched_at",
        "search-report",
        is_cost=True,
    ),
    "vouchers": Figure(_("Vouchers used"), _of(VoucherApplication), "date_created", "voucher-list"),
    "discount": Figure(
        _("Discount given"),
        _of(OrderDiscount),
        "order__date_placed",
        "offer-list",
        total=DISCOUNT,
        is_money=True,
        is_cost=True,
    ),
    "members": Figure(_("New accounts"), _of(User, is_staff=False), "date_joined", "users-index"),
    "captures": Figure(
        _("Payments captured"),
        _of(PaymentEntry, kind=EntryKind.CAPTURED),
        "happened_at",
        "payment-list",
        "view=all",
    ),
    "refunds": Figure(
        _("Refunds"), _of(Refund), "created_at", "refund-list", "view=all", is_cost=True
    ),
    "changes": Figure(
        _("Changes by the team"),
        lambda: Entry.objects.filter(actor__isnull=False).order_by(),
        "at",
        "audit-list",
    ),
    "exports": Figure(
        _("Downloads of personal data"),
        lambda: Entry.objects.filter(action=Action.EXPORT).order_by(),
        "at",
        "audit-list",
        f"action={Action.EXPORT.value}",
        is_cost=True,
    ),
}

#: By role, in the order in which they stand; what a person may not open is left out.
BOARDS = {
    roles.OPERATIONS_MANAGER: ("parcels", "holds", "returns", "cancelled"),
    roles.PRODUCT_MANAGER: ("prices", "reviews", "questions", "in_vain"),
    roles.MARKETER: ("vouchers", "discount", "searches", "in_vain"),
    roles.AGENT: ("asked", "answered", "returns", "cancelled"),
    roles.CLERK: ("parcels", "units", "received", "lost"),
    roles.ANALYST: ("members", "searches", "vouchers", "returns"),
    roles.FINANCE: ("captures", "refunds", "changes", "exports"),
}
OWNER = ("members", "returns", "changes", "exports")


def board_of(user: User, *, role_names: Sequence[str], span: Span) -> list[dict[str, Any]]:
    """Tiles for `components/office/kpi.html`; ``role_names`` are those of the groups."""
    codes = [code for name in role_names for code in BOARDS.get(name, ())]
    codes += OWNER if user.is_superuser else ()
    shown = [FIGURES[code] for code in dict.fromkeys(codes) if may(user, FIGURES[code].page)]
    return [_tile(figure, span) for figure in shown[:8]]


def _tile(figure: Figure, span: Span) -> dict[str, Any]:
    now, before = figure_compare(figure, span)
    href = reverse(f"dashboard:{figure.page}") + (f"?{figure.query}" if figure.query else "")
    return tile(figure.name, now, before, span=span, href=href, is_cost=figure.is_cost)


def figure_compare(figure: Figure, span: Span) -> tuple[Any, Any]:
    """In the span, and in the same hours before it. Two queries, each narrowed by the moment."""
    zero = Decimal(0) if figure.is_money else 0
    total = figure.total if figure.total is not None else Count("pk")
    found = [
        figure.rows().filter(_within(figure.moment, *hours)).aggregate(found=total)["found"] or zero
        for hours in ((span.start, span.now), span.before)
    ]
    if figure.is_money:
        found = [one.quantize(Decimal("0.01")) for one in found]
    return found[0], found[1]


def _within(moment: str, begin: dt.datetime, end: dt.datetime) -> Q:
    return Q(**{f"{moment}__gte": begin, f"{moment}__lte": end})
