"""The parts of the checkout's pages, drawn once for what they are made of: `{% basket_kept %}` and others.

What differs from one shopper to the next, every amount, day, name and address, stands in slots. Where a part has as
many of them as the page has things to say, its values hold the marks of the slots.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from orders.templatetags.days import days
from shop.core.fragments import fragment_filled, slot_mark
from shop.core.templatetags.money import money

register = template.Library()
NOBODY = "?"  # chosen, where what was sent is no way to pay


@dataclass(frozen=True)
class WayShown:
    """Another way to send it. ``cost`` is empty where it is free."""

    code: str
    name: str
    promise: str
    cost: str


@dataclass(frozen=True)
class PaymentShown:
    """A way to pay. ``shown``: the mark of its fingerprint."""

    code: str
    label: str
    help: str
    icon: str
    shown: str


@dataclass(frozen=True)
class RowShown:
    """A row of the sums."""

    name: str
    note: str
    kind: str
    amount: str
    is_free: bool


class _Slots(dict[str, Any]):
    """What fills the slots of one part."""

    def mark(self, name: str, value: Any) -> str:
        """The mark of a new slot with ``value`` in it."""
        self[name] = value
        return slot_mark(name)


@register.simple_tag
def things_kept(lines: Iterable[dict[str, Any]]) -> SafeString:
    """A row for each of ``lines``."""
    rows = (
        fragment_filled(
            "oscar/checkout/_line.html",
            {"title": line["title"], "picture": line["picture"]},
            {"quantity": line["quantity"], "amount": money(line["amount"], line["currency"])},
        )
        for line in lines
    )
    return mark_safe("".join(rows))  # noqa: S308  drawn by a template


@register.simple_tag(takes_context=True)
def basket_kept(context: Context) -> SafeString:
    goods = money(context["goods"], context["state"].basket.currency)
    slots = {"goods": goods, "things": things_kept(context["lines"])}
    return fragment_filled("oscar/checkout/_basket.html", {}, slots)


@register.simple_tag(takes_context=True)
def review_kept(context: Context) -> SafeString:
    """To whom it goes, where to and when."""
    state, method = context["state"], context["quote"].shipping_method
    slots = _Slots(email=state.email, csrf_token=context["csrf_token"])
    slots |= {"promise": days(context["promise"]), "method": method.name}
    address = tuple(
        slots.mark(f"address{number}", line) for number, line in enumerate(context["address"])
    )
    invoice = tuple(
        slots.mark(f"invoice{number}", line) for number, line in enumerate(context["invoice"])
    )
    ways = tuple(
        WayShown(
            code=way.code,
            name=slots.mark(f"name{number}", way.name),
            promise=slots.mark(f"promise{number}", days(way.promise)),
            cost=_cost(slots, number, way),
        )
        for number, way in enumerate(context["other_ways"])
    )
    values = {
        "is_member": bool(state.user),
        "address": address,
        "invoice": invoice,
        "ways": ways,
    }
    return fragment_filled("oscar/checkout/_review.html", values, slots)


def _cost(slots: _Slots, number: int, way: Any) -> str:
    amount = way.charge.incl_tax
    return slots.mark(f"cost{number}", money(amount, way.charge.currency)) if amount else ""


@register.simple_tag(takes_context=True)
def place_form_kept(context: Context) -> SafeString:
    """The ways to pay and what the button sends."""
    quote, payments, chosen = context["quote"], context["payments"], context["chosen"]
    slots = _Slots(csrf_token=context["csrf_token"], form_key=context["form_key"])
    slots["left"] = money(quote.to_pay, quote.total.currency) if quote.tenders else ""
    if not payments:
        slots["shown"] = quote.fingerprint()
    ways = tuple(
        PaymentShown(
            code=one["code"],
            label=one["label"],
            help=one["help"],
            icon=one["icon"],
            shown=slots.mark(f"shown{number}", one["shown"]),
        )
        for number, one in enumerate(payments)
    )
    if chosen and chosen not in [one.code for one in ways]:
        chosen = NOBODY
    values = {"ways": ways, "chosen": chosen, "is_rest": bool(quote.tenders)}
    return fragment_filled("oscar/checkout/_place_form.html", values, slots)


@register.simple_tag(takes_context=True)
def bought_kept(context: Context) -> SafeString:
    """What is bought, its sums and the button."""
    quote = context["quote"]
    currency = quote.total.currency
    slots = _Slots(things=things_kept(context["lines"]), total=money(quote.to_pay, currency))
    values = {
        "rows": tuple(
            _row(slots, number, row, currency) for number, row in enumerate(context["totals"])
        ),
        "is_short": bool(context["shortages"]),
        "is_sent": bool(context["address"]),
    }
    return fragment_filled("oscar/checkout/_bought.html", values, slots)


def _row(slots: _Slots, number: int, row: dict[str, Any], currency: str) -> RowShown:
    """Offers, vouchers and gift cards may be one shopper's own, so their names are in slots too."""
    name, note, kind = row["name"], row.get("note", ""), row.get("kind", "")
    return RowShown(
        name=slots.mark(f"name{number}", name) if kind == "less" else str(name),
        note=slots.mark(f"note{number}", note) if note else "",
        kind=kind,
        amount=slots.mark(f"amount{number}", money(row["amount"], currency)),
        is_free=bool(row.get("is_free")),
    )
