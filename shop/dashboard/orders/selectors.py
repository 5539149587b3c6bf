"""Reading orders for the back office: saved views, search, and the rows of a page."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.desk.words import words_match, words_wanted
from orders.life.selectors import orders_held, orders_with_messages
from orders.models import Line, Order
from orders.states import AFTER_SHIPPING, OrderState
from payments.models import PaymentIntent
from shop.core.days import day_end, day_start
from shop.core.levels import sees
from shop.dashboard import selectors
from shop.dashboard.today import orders_sold


@dataclass(frozen=True)
class SavedView:
    """A tab of the list. ``count`` names a field of WorkCounts; hidden ones show when open."""

    code: str
    name: str | Promise
    rows: Callable[[], QuerySet[Order]]
    count: str = ""
    is_hidden: bool = False


def _by_status(*states: str) -> Callable[[], QuerySet[Order]]:
    return lambda: Order.objects.filter(status__in=states)


VIEWS = {
    view.code: view
    for view in (
        SavedView("to_pack", _("To pack"), selectors.orders_to_pack, "to_pack"),
        SavedView("to_ship", _("To ship"), selectors.orders_to_ship, "to_ship"),
        SavedView("late", _("Late"), selectors.orders_late, "late"),
        SavedView("on_hold", _("On hold"), orders_held, "on_hold"),
        SavedView("messages", _("Messages waiting"), orders_with_messages, "messages"),
        SavedView("unpaid", _("Unpaid"), selectors.orders_unpaid, "unpaid"),
        SavedView(
            "unpaid_late", _("Unpaid too long"), selectors.orders_unpaid_late, "unpaid_late", True
        ),
        SavedView("shipped", _("Shipped"), _by_status(*AFTER_SHIPPING)),
        SavedView("cancelled", _("Cancelled"), _by_status(OrderState.CANCELLED)),
        SavedView("sold", _("Not cancelled"), orders_sold, is_hidden=True),
        SavedView("all", _("All"), Order.objects.all),
    )
}


def orders_narrowed(
    *,
    view: str = "all",
    placed_from: dt.date | None = None,
    placed_until: dt.date | None = None,
    product_id: int | None = None,
    customer_id: int | None = None,
) -> QuerySet[Order]:
    """The orders of a view, narrowed by local days, a product or a customer, in no order."""
    rows = VIEWS[view].rows()
    if placed_from:
        rows = rows.filter(date_placed__gte=day_start(placed_from))
    if placed_until:
        rows = rows.filter(date_placed__lt=day_end(placed_until))
    if product_id:
        lines = Line.objects.filter(order=OuterRef("pk"))
        rows = rows.filter(
            Exists(lines.filter(Q(product=product_id) | Q(product__parent=product_id)))
        )
    if customer_id:
        rows = rows.filter(user=customer_id)
    return rows.order_by()


def orders_find(*, text: str = "", **narrow: Any) -> QuerySet[Order]:
    """As `orders_narrowed`, of those that have the words, newest first. For reading all of them:
    `paging.orders_page` finds a page of them sooner."""
    rows = orders_narrowed(**narrow)
    if wanted := words_of(text):
        rows = rows.filter(words_match(wanted))
    return rows.order_by("-date_placed", "-pk")


def words_of(text: str) -> str:
    """What to look for, as far as who reads may find people. Empty: everything."""
    return words_wanted(text, people=sees("email"))


def orders_with_rows(rows: QuerySet[Order]) -> QuerySet[Order]:
    """With what a file shows of an order, its lines left out."""
    rows = rows.select_related("user", "shipping_address", "facts")
    return rows.defer("shipping_address__phone_number")  # it is parsed as it is read


def intents_by_order(orders: Iterable[Order]) -> dict[str, list[PaymentIntent]]:
    """The payments of each order by its number, newest first. One query."""
    numbers = [order.number for order in orders]
    found: dict[str, list[PaymentIntent]] = {}
    for intent in PaymentIntent.objects.filter(order_number__in=numbers).order_by("-pk"):
        found.setdefault(intent.order_number, []).append(intent)
    return found
