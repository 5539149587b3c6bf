"""Parts of an order's pages that follow from few values, and are kept: `shop.core.fragments`.

What one order alone has, its number and its amounts, fills their slots.
"""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from orders.page_parts import Fact, ShownLine
from orders.pages import OrderPage
from orders.templatetags.days import days
from shop.core.fragments import fragment_filled, slot_mark

register = template.Library()


@register.simple_tag
def things_kept(page: OrderPage) -> SafeString:
    """The things of an order and what they come to."""
    rows, slots = [], {}
    for place, row in enumerate(page.totals):
        slots[f"amount{place}"] = row.value
        rows.append(Fact(row.name, slot_mark(f"amount{place}"), row.kind, row.note))
    things = SafeString("\n".join([_thing(line) for line in page.lines]))
    return fragment_filled(
        "orders/_things.html", {"rows": tuple(rows)}, {**slots, "things": things}
    )


def _thing(line: ShownLine) -> SafeString:
    values: dict[str, Any] = {
        "title": line.title,
        "url": line.url,
        "picture": line.picture,
        "has_unit": bool(line.unit),
        "has_state": bool(line.state),
    }
    slots = {
        "quantity": line.quantity,
        "unit": line.unit,
        "amount": line.amount,
        "state": line.state,
    }
    return fragment_filled("orders/_thing.html", values, slots)


@register.simple_tag(takes_context=True)
def thanks_kept(context: Context, page: OrderPage, is_guest: bool) -> SafeString:
    """The order is in: what happens next."""
    handover = page.handover
    billed = page.invoice_address
    values = {
        "billed": tuple(slot_mark(f"billed{number}") for number in range(len(billed))),
        "sentence": page.sentence,
        "when": days(page.promise) if page.is_promise_open else "",
        "is_guest": is_guest,
    }
    slots = {
        "number": page.order.number,
        "email": page.order.email,
        "page": page.links.page if page.links else "",
        "csrf_token": context["csrf_token"],
        "bank": _shown("orders/_bank.html", page=page) if page.bank_details else "",
        "handover": _shown("orders/_handover.html", handover=handover) if handover else "",
        "things": things_kept(page),
        **{f"billed{number}": line for number, line in enumerate(billed)},
    }
    return fragment_filled("oscar/checkout/_thanks.html", values, slots)


def _shown(name: str, **values: Any) -> SafeString:
    return render_to_string(name, values)
