"""What was added becomes a part of the order: lines, totals, paper. All under the order's lock."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date

from orders.additions.models import ADDITION_NEXT, Addition, AdditionLine, AdditionState
from orders.additions.pricing import Way
from orders.exceptions import ImpossibleStep
from orders.life.cutting import unit_prices
from orders.life.editing import told, totals_anew
from orders.life.models import EventKind
from orders.models import Line, LinePrice, Order, OrderDiscount
from orders.papers.services import invoice_issue, supplement_issue
from orders.utils import partner_columns
from payments.models import PaymentIntent


def addition_apply(
    order: Order,
    addition: Addition,
    *,
    paid_by: PaymentIntent | None,
    source: str,
    user: Any = None,
) -> None:
    """Write its lines and its delivery. An order that has its invoice gets another for this alone."""
    has_invoice = invoice_issue(order_number=order.number) is not None
    net, gross = order.shipping_excl_tax, order.shipping_incl_tax
    discounts = _discounts_write(order, addition)
    lines = [_line_write(order, one, discounts) for one in addition.lines.order_by("pk")]
    if addition.delivery:
        delivery_apply(order, addition.delivery)
    totals_anew(order)
    addition.paid_by = paid_by
    addition_move(addition, AdditionState.DONE)
    if has_invoice and addition.amount:
        charge = (order.shipping_excl_tax - net, order.shipping_incl_tax - gross)
        supplement_issue(
            order=order,
            part=addition.part,
            lines=[line.pk for line in lines],
            delivery=charge if addition.delivery else None,
            total=addition.amount,
        )
    facts = {
        "addition": addition.number,
        "step": AdditionState.DONE.value,
        "more": str(addition.amount),
        "lines": [
            {"title": one.title, "product": one.product_id, "was": 0, "now": one.quantity}
            for one in lines
        ],
        "delivery": addition.delivery,
    }
    told(order, EventKind.ADDITION, facts, None if paid_by else addition.key, user, source)


def addition_move(addition: Addition, state: AdditionState) -> None:
    """Under the order's lock: it ends and holds nothing. Raises ``ImpossibleStep`` for one that ended before."""
    if state not in ADDITION_NEXT[addition.state]:
        raise ImpossibleStep(f"{addition} is {addition.state}, it cannot become {state}")
    addition.lines.update(held=0)
    addition.state, addition.ended_at = state, timezone.now()
    addition.save(update_fields=["state", "ended_at", "paid_by"])


def delivery_facts(order: Order, way: Way) -> dict[str, Any]:
    """As it is kept until it is paid; ``was``: how it was to be sent before."""
    first, last = way.promise
    return {
        "was": {"code": order.shipping_code, "name": order.shipping_method},
        "code": way.code,
        "name": way.name,
        "incl": str(way.incl),
        "excl": str(way.excl),
        "tax_code": way.tax_code,
        "from": first.isoformat() if first else "",
        "until": last.isoformat() if last else "",
    }


def delivery_apply(order: Order, delivery: dict[str, Any]) -> Decimal:
    """What the order costs less than before; below zero: more. An offer on the old way ends."""
    order.discounts.filter(category=OrderDiscount.SHIPPING).delete()
    order.shipping_code, order.shipping_method = delivery["code"], delivery["name"]
    order.shipping_incl_tax = Decimal(delivery["incl"])
    order.shipping_excl_tax = Decimal(delivery["excl"])
    order.shipping_tax_code = delivery["tax_code"]
    order.save(
        update_fields=[
            "shipping_code",
            "shipping_method",
            "shipping_incl_tax",
            "shipping_excl_tax",
            "shipping_tax_code",
        ]
    )
    order.facts.promised_from = parse_date(delivery["from"])
    order.facts.promised_until = parse_date(delivery["until"])
    order.facts.save(update_fields=["promised_from", "promised_until"])
    return totals_anew(order)


def _discounts_write(order: Order, addition: Addition) -> dict[int, OrderDiscount]:
    """By the id of their offers; one that the order has already gives more."""
    written = {}
    for one in addition.discounts:
        row, _is_new = OrderDiscount.objects.get_or_create(
            order=order,
            category=OrderDiscount.BASKET,
            offer_id=one["offer"],
            voucher_id=None,
            defaults={"offer_name": one["name"], "frequency": 0, "amount": 0},
        )
        row.frequency = (row.frequency or 0) + one["freq"]
        row.amount += Decimal(one["amount"])
        row.save()
        written[one["offer"]] = row
    return written


def _line_write(order: Order, one: AdditionLine, discounts: dict[int, OrderDiscount]) -> Line:
    record = one.stockrecord
    line = Line.objects.create(
        order=order,
        **partner_columns(record),
        product=one.product,
        title=one.title,
        upc=one.product.upc if one.product else None,
        quantity=one.quantity,
        num_allocated=one.quantity,
        line_price_incl_tax=one.price_incl_tax,
        line_price_excl_tax=one.price_excl_tax,
        line_price_before_discounts_incl_tax=one.before_incl_tax,
        line_price_before_discounts_excl_tax=one.before_excl_tax,
        unit_price_incl_tax=one.unit_incl_tax,
        unit_price_excl_tax=one.unit_excl_tax,
        tax_code=one.tax_code,
    )
    LinePrice.objects.bulk_create(unit_prices(order, line))
    for given in one.discounts:
        if given["offer"] in discounts:
            line.discounts.create(
                order_discount=discounts[given["offer"]],
                is_incl_tax=given["is_incl_tax"],
                amount=Decimal(given["amount"]),
            )
    return line
