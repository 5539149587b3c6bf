"""Reading returns for the desk: its views, its search, and what a scanner typed."""

import unicodedata
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.returns.models import Return, ReturnLine
from orders.returns.selectors import returns_read
from orders.returns.states import ENDED, VOID, ReturnState
from shop.core.levels import sees


@dataclass(frozen=True)
class DeskView:
    """A tab of the desk."""

    code: str
    name: str | Promise
    states: tuple[str, ...]


VIEWS = {
    view.code: view
    for view in (
        DeskView("to_decide", _("To decide"), (ReturnState.ASKED,)),
        DeskView(
            "expected",
            pgettext_lazy("returns", "Expected"),
            (ReturnState.APPROVED, ReturnState.ON_WAY),
        ),
        DeskView("to_inspect", _("To look at"), (ReturnState.RECEIVED,)),
        DeskView("repair", pgettext_lazy("return", "In repair"), (ReturnState.REPAIRING,)),
        DeskView("to_refund", _("To refund"), (ReturnState.INSPECTED,)),
        DeskView("ended", pgettext_lazy("returns", "Ended"), ENDED),
        DeskView("all", _("All"), tuple(ReturnState.values)),
    )
}


def returns_counted() -> dict[str, int]:
    """How many stand in each view. One query."""
    rows = Return.objects.order_by().values_list("state").annotate(number=Count("pk"))
    by_state = dict(rows)
    return {
        code: sum(by_state.get(state, 0) for state in view.states) for code, view in VIEWS.items()
    }


def returns_find(
    *, view: str = "all", text: str = "", reason: str = "", product_id: int | None = None
) -> QuerySet[Return]:
    """The returns of a view, the oldest that waits first; of the others the newest.

    ``reason`` and ``product_id`` (a family) leave out what was refused or cancelled, as the figures do.
    """
    rows = returns_read().filter(state__in=VIEWS[view].states)
    if text:
        rows = rows.filter(_matches(text))
    if reason or product_id:
        lines = ReturnLine.objects.filter(back=OuterRef("pk"))
        if reason:
            lines = lines.filter(reason=reason)
        if product_id:
            family = Q(order_line__product=product_id)
            lines = lines.filter(family | Q(order_line__product__parent=product_id))
        rows = rows.exclude(state__in=VOID).filter(Exists(lines))
    waits = view in ("to_decide", "to_inspect", "repair", "to_refund")
    return rows.order_by("created_at", "pk") if waits else rows.order_by("-created_at", "-pk")


def returns_scanned(text: str) -> list[int]:
    """Ids of the returns that a scanned code means: its number, else open ones of an order or SKU.

    Bars and spaces may be missing: ``rk7f39qpm`` is ``R-K7F3-9QPM``.
    """
    folded = unicodedata.normalize("NFKC", text).strip().upper()
    letters = "".join(one for one in folded if one.isascii() and one.isalnum())
    code = f"{letters[-8:-4]}-{letters[-4:]}"
    known = Return.objects.filter(number=f"R-{code}").values_list("pk", flat=True)
    if len(letters) == 9 and letters.startswith("R") and known:
        return list(known)
    open_rows = Return.objects.exclude(state__in=ENDED)
    lines = ReturnLine.objects.filter(back=OuterRef("pk"), order_line__partner_sku__iexact=folded)
    rows = open_rows.filter(Q(order__number=code) | Exists(lines))
    return list(rows.order_by("created_at").values_list("pk", flat=True)[:50])


def _matches(text: str) -> Q:
    """Number, order, name, e-mail, SKU or tracking number; every word must be found somewhere."""
    condition = Q()
    for word in text.split()[:6]:
        lines = ReturnLine.objects.filter(back=OuterRef("pk"))
        person = (
            Q(order__guest_email__icontains=word)
            | Q(order__user__email__icontains=word)
            | Q(order__shipping_address__first_name__icontains=word)
            | Q(order__shipping_address__last_name__icontains=word)
        )
        condition &= (
            Q(number__icontains=word)
            | Q(order__number__icontains=word)
            | (person if sees("email") else Q())
            | Q(tracking_number__iexact=word)
            | Exists(lines.filter(order_line__partner_sku__iexact=word))
        )
    return condition
