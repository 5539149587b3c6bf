"""What the list of orders is asked for: a view, words and days, an order, columns; and how it says so."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders.models import Order
from shop.core.office import may
from shop.dashboard.orders import forms, selectors
from shop.dashboard.orders.paging import SORTS, Page, orders_page
from shop.dashboard.orders.rows import COLUMNS, USUAL, heads_of
from shop.dashboard.selectors import WorkCounts, count_shown

NARROWING = ("q", "since", "until", "product", "customer")


@dataclass(frozen=True)
class Asked:
    """One address of the list. What cannot be read in it is as if it were not there."""

    path: str
    data: QueryDict
    form: forms.OrderFilterForm
    criteria: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in NARROWING)

    @cached_property
    def view(self) -> str:
        asked = self.data.get("view", "")
        return asked if asked in selectors.VIEWS else "all" if self.is_narrowed else "to_pack"

    @cached_property
    def sort(self) -> str:
        asked = self.data.get("sort", "")
        return asked if asked in SORTS else ""

    @cached_property
    def columns(self) -> list[str]:
        asked = self.data.getlist("col")
        return [code for code in COLUMNS if code in asked] or list(USUAL)

    @cached_property
    def kept_id(self) -> int:
        return _key(self.data, "kept")

    @property
    def keep(self) -> list[tuple[str, str]]:
        """What the form of the filters hands on."""
        pairs = [("view", self.view)]
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.columns != list(USUAL):
            pairs += [("col", code) for code in self.columns]
        return pairs

    def query(self, **more: Any) -> str:
        """The address without its path, pages left out, in a form that is always the same."""
        pairs = [pair for pair in self.keep if pair[0] not in more]
        pairs += [(name, self.data[name][:120]) for name in NARROWING if self.data.get(name)]
        return urlencode([*pairs, *((key, value) for key, value in more.items() if value != "")])

    def url(self, **more: Any) -> str:
        return f"{self.path}?{self.query(**more)}"


def asked_of(data: QueryDict, *, path: str = "") -> Asked:
    form = forms.OrderFilterForm(data or None)
    return Asked(
        path=path or reverse("dashboard:order-list"),
        data=data,
        form=form,
        criteria=form.criteria() if form.is_bound else {},
    )


def rows_of(asked: Asked) -> tuple[QuerySet[Order], str]:
    """Its orders as far as its words leave them, in no order; and the words."""
    criteria = dict(asked.criteria)
    wanted = selectors.words_of(criteria.pop("text", ""))
    return selectors.orders_narrowed(view=asked.view, **criteria), wanted


def page_read(asked: Asked) -> Page:
    rows, wanted = rows_of(asked)
    return orders_page(
        rows,
        wanted=wanted,
        sort=asked.sort,
        after=_key(asked.data, "after"),
        before=_key(asked.data, "before"),
    )


def _key(data: QueryDict, name: str) -> int:
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def heads(asked: Asked) -> list[dict[str, Any]]:
    """The heads of the table, the order's number first; those that can be sorted by with the way there;
    the first way is that which is asked for most."""
    ways = {
        "order": ("", "placed"),
        "total": ("-total", "total"),
        "promise": ("promise", "-promise"),
    }
    found: list[dict[str, Any]] = [{"code": "order"}, *heads_of(asked.columns)]
    for head in found:
        first, second = ways.get(head["code"], (None, None))
        if first is None or second is None:
            continue
        head["url"] = asked.url(sort=second if asked.sort == first else first)
        if asked.sort in (first, second):
            head["now"] = "descending" if SORTS[asked.sort][1] else "ascending"
    return found


def total_shown(asked: Asked, page: Page, counts: WorkCounts) -> str:
    """How many there are, where that is known without counting a million."""
    view = selectors.VIEWS[asked.view]
    total = page.total
    if total is None and view.count and not asked.is_narrowed:
        total = getattr(counts, view.count)
    if total is None:
        return ""
    shown = count_shown(total) if page.total is None else total
    return ngettext("%(number)s order", "%(number)s orders", total) % {"number": shown}


def view_tabs(counts: WorkCounts, current: str, *, only: Iterable[str] = ()) -> list[dict]:
    """The views that everybody has, as `components/tabs.html` takes them."""
    link = reverse("dashboard:order-list")
    return [
        {
            "name": view.name,
            "url": f"{link}?view={view.code}",
            "count": count_shown(getattr(counts, view.count)) if view.count else "",
            "is_current": view.code == current,
            "code": view.code,
        }
        for view in selectors.VIEWS.values()
        if (not view.is_hidden or view.code == current) and (not only or view.code in only)
    ]


def other_tabs(user: Any, counts: WorkCounts) -> list[dict]:
    """Work on orders that has a list of its own."""
    if not may(user, "return-list"):
        return []
    url = f"{reverse('dashboard:return-list')}?view=to_inspect"
    return [
        {"name": _("Returns to inspect"), "url": url, "count": count_shown(counts.returns_here)}
    ]
