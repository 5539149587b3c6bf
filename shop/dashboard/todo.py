"""Needs doing now: what waits, for those who may do it."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.core.office import may
from shop.dashboard.selectors import CLAIM_SOON, LATE, WorkCounts, count_shown

SHOWN = 6  # rows at least; what waits is never left out


def todos(*, user, counts: WorkCounts) -> list[dict]:
    """Rows for `components/office/todo.html`, what is open first, nothing that ``user`` may not see."""
    rows = [row for row in _all(counts) if may(user, row["name"])]
    for row in rows:
        query = f"?{urlencode({'view': row['view']})}" if row["view"] else ""
        row["url"] = reverse(f"dashboard:{row['name']}") + query
        row["is_done"] = not row["number"]
        row["shown"] = count_shown(row["number"])
        if row["is_done"]:
            row["chip"], row["tone"] = _("all done"), "good"
    waiting = [row for row in rows if not row["is_done"]]
    done = [row for row in rows if row["is_done"]]
    return waiting + done[: max(SHOWN - len(waiting), 1)]


def _row(number: int, text: str, name: str, view: str, chip: str, tone: str) -> dict:
    return {"number": number, "text": text, "name": name, "view": view, "chip": chip, "tone": tone}


def _claims_chip(soon: int) -> str:
    """Their last day is near, or over; later the carrier owes nothing."""
    if not soon:
        return _("hand in")
    words = ngettext("%(n)s within %(days)s days", "%(n)s within %(days)s days", soon)
    return words % {"n": count_shown(soon), "days": CLAIM_SOON.days}


def _all(counts: WorkCounts) -> list[dict]:
    return [
        _row(
            counts.fraud,
            ngettext("order to check for fraud", "orders to check for fraud", counts.fraud),
            "fraud-list",
            "",
            _("decide"),
            "hot",
        ),
        _row(
            counts.to_route,
            ngettext("order to route", "orders to route", counts.to_route),
            "sending-list",
            "unrouted",
            _("route"),
            "warn",
        ),
        _row(
            counts.to_pack,
            ngettext("order to pack", "orders to pack", counts.to_pack),
            "order-list",
            "to_pack",
            _("pack"),
            "warn",
        ),
        _row(
            counts.to_ship,
            ngettext("parcel to hand over", "parcels to hand over", counts.to_ship),
            "order-list",
            "to_ship",
            _("ship"),
            "info",
        ),
        _row(
            counts.late,
            ngettext("order is late", "orders are late", counts.late),
            "order-list",
            "late",
            _("look"),
            "hot",
        ),
        _row(
            counts.troubles,
            ngettext("exception on the way", "exceptions on the way", counts.troubles),
            "trouble-list",
            "",
            _("decide"),
            "hot",
        ),
        _row(
            counts.complaints,
            ngettext("complaint to put right", "complaints to put right", counts.complaints),
            "complaint-list",
            "",
            _("answer"),
            "hot",
        ),
        _row(
            counts.claims,
            ngettext("claim to hand in", "claims to hand in", counts.claims),
            "claim-list",
            "open",
            _claims_chip(counts.claims_soon),
            "hot" if counts.claims_soon else "warn",
        ),
        _row(
            counts.at_table,
            ngettext("order to pack by scanning", "orders to pack by scanning", counts.at_table),
            "pack-table",
            "",
            _("pack"),
            "warn",
        ),
        _row(
            counts.counts_waiting,
            ngettext(
                "counted difference to approve",
                "counted differences to approve",
                counts.counts_waiting,
            ),
            "count-list",
            "waiting",
            _("decide"),
            "warn",
        ),
        _row(
            counts.on_hold,
            ngettext("order on hold", "orders on hold", counts.on_hold),
            "order-list",
            "on_hold",
            _("look"),
            "hot",
        ),
        _row(
            counts.messages,
            ngettext(
                "customer waits for an answer",
                "customers wait for an answer",
                counts.messages,
            ),
            "order-list",
            "messages",
            _("answer"),
            "warn",
        ),
        _row(
            counts.returns_here,
            ngettext("return to look at", "returns to look at", counts.returns_here),
            "return-list",
            "to_inspect",
            _("inspect"),
            "warn",
        ),
        _row(
            counts.returns_asked,
            ngettext("return to decide", "returns to decide", counts.returns_asked),
            "return-list",
            "to_decide",
            _("decide"),
            "info",
        ),
        _row(
            counts.returns_seen,
            ngettext("return to refund", "returns to refund", counts.returns_seen),
            "return-list",
            "to_refund",
            _("refund"),
            "warn",
        ),
        _row(
            counts.unpaid_late,
            ngettext(
                "order waits for its money for too long",
                "orders wait for their money for too long",
                counts.unpaid_late,
            ),
            "order-list",
            "unpaid_late",
            _("over %(days)s days") % {"days": LATE.days},
            "hot",
        ),
        _row(
            counts.payment_problems,
            ngettext("payment with a problem", "payments with a problem", counts.payment_problems),
            "payment-list",
            "problems",
            _("look"),
            "hot",
        ),
        _row(
            counts.bank_lines,
            ngettext("bank line to assign", "bank lines to assign", counts.bank_lines),
            "bank-list",
            "waiting",
            _("look"),
            "warn",
        ),
        _row(
            counts.refunds_asked,
            ngettext("refund to approve", "refunds to approve", counts.refunds_asked),
            "refund-ask-list",
            "waiting",
            _("decide"),
            "warn",
        ),
        _row(
            counts.payouts,
            ngettext("payout to make", "payouts to make", counts.payouts),
            "payout-list",
            "ready",
            _("send"),
            "warn",
        ),
        _row(
            counts.refunds_open,
            ngettext("refund on its way", "refunds on their way", counts.refunds_open),
            "refund-list",
            "pending",
            _("wait"),
            "info",
        ),
        _row(
            counts.out_of_stock,
            ngettext("product sold out", "products sold out", counts.out_of_stock),
            "stock-list",
            "out",
            _("reorder"),
            "warn",
        ),
        _row(
            counts.mails_parked,
            ngettext("mail not sent", "mails not sent", counts.mails_parked),
            "mail-list",
            "parked",
            _("retry"),
            "hot",
        ),
        _row(
            counts.outbox_parked,
            ngettext("follow-up failed", "follow-ups failed", counts.outbox_parked),
            "outbox-list",
            "parked",
            _("retry"),
            "hot",
        ),
        _row(
            counts.webhooks_parked,
            ngettext(
                "provider message not worked off",
                "provider messages not worked off",
                counts.webhooks_parked,
            ),
            "webhook-list",
            "parked",
            _("look"),
            "hot",
        ),
        _row(
            counts.carrier_parked,
            ngettext(
                "carrier message not worked off",
                "carrier messages not worked off",
                counts.carrier_parked,
            ),
            "carrier-message-list",
            "parked",
            _("retry"),
            "hot",
        ),
        _row(
            counts.opinions,
            ngettext(
                "review, question or answer to read",
                "reviews, questions and answers to read",
                counts.opinions,
            ),
            "opinion-list",
            "todo",
            _("moderate"),
            "info",
        ),
    ]
