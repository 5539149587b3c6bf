"""What stands on a paper, word for word: the frozen content with labels, in its own language."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.taxes.models import TaxName
from orders.papers.models import Document, DocumentKind
from orders.tax_words import tax_label
from shop.core.money import shown


def printed(paper: Document) -> dict[str, Any]:
    """All that the template ``paper`` prints."""
    with translation.override(paper.language):
        return _Words(paper.content).all()


def day_shown(text: str) -> str:
    """An ISO day in words; empty stays empty."""
    return date_format(dt.date.fromisoformat(text), "DATE_FORMAT") if text else ""


def language_tags(language: str) -> dict[str, str]:
    """For hyphens, quotes and the reader of a screen."""
    return {"lang": "zh", "region": "CN"} if language.startswith("zh") else {"lang": language[:2]}


class _Words:
    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.is_credit = content["kind"] == DocumentKind.CREDIT_NOTE
        self.is_added = content["tax"]["is_added"]

    def all(self) -> dict[str, Any]:
        content, kind = self.content, str(DocumentKind(self.content["kind"]).label)
        return {
            **language_tags(content["language"]),
            "title": f"{kind} {content['number']}",
            "shop": content["seller"]["shop"],
            "kind": kind,
            "number": content["number"],
            "sender": " · ".join([content["seller"]["name"], *content["seller"]["address"]]),
            "buyer": content["buyer"],
            "delivery": self._delivery(),
            "facts": self._facts(),
            "columns": self._columns(),
            "rows": [self._row(one) for one in content["rows"]],
            "sums": self._sums(),
            "rates": self._rates(),
            "notes": self._notes(),
            "footer": self._footer(),
        }

    def money(self, text: str) -> str:
        return shown(Decimal(text), self.content["currency"], self.content["language"])

    def _delivery(self) -> dict[str, Any] | None:
        lines = self.content.get("delivery")
        return {"label": _("Delivered to"), "lines": lines} if lines else None

    def _facts(self) -> list[list[str]]:
        content, order = self.content, self.content["order"]
        facts = [
            [_("Number"), content["number"]],
            [_("Date"), day_shown(content["issued_on"])],
        ]
        if self.is_credit:
            facts.append([_("Corrects invoice"), content["corrects"]["number"]])
            facts.append([_("Invoice date"), day_shown(content["corrects"]["issued_on"])])
        facts.append([_("Order"), order["number"]])
        facts.append([_("Ordered on"), day_shown(order["placed_on"])])
        return facts

    def _columns(self) -> list[str]:
        tax = str(TaxName(self.content["tax"]["name"]).label)
        amount = _("Amount without tax") if self.is_added else _("Amount")
        return [_("Description"), _("Quantity"), _("Unit price"), tax, amount]

    def _row(self, row: dict[str, Any]) -> dict[str, str]:
        less = row.get("less")
        notes = [row.get("sku", "")]
        if less:
            notes.append(_("Discount %(amount)s") % {"amount": f"−{self.money(less)}"})
        return {
            "title": row["title"],
            "note": " · ".join(filter(None, notes)),
            "quantity": str(row.get("quantity", "")),
            "unit": self.money(row["unit"]) if row.get("unit") else "",
            "rate": rate_shown(row["rate"]),
            "amount": self.money(row["net" if self.is_added else "gross"]),
        }

    def _sums(self) -> list[list[str]]:
        """The last one is the total."""
        totals = self.content["totals"]
        word = _("Credited") if self.is_credit else _("Total")
        total = [word, self.money(totals["gross"])]
        if not self.is_added:
            return [total]
        taxes = [
            [self._tax_word(one["rate"]), self.money(one["tax"])]
            for one in self.content["rates"]
            if Decimal(one["tax"])
        ]
        return [[_("Without tax"), self.money(totals["net"])], *taxes, total]

    def _rates(self) -> dict[str, Any]:
        """Net, tax and gross by rate; with several rates their sums too."""
        name = str(TaxName(self.content["tax"]["name"]).label)
        rates = self.content["rates"]
        rows = [[rate_shown(one["rate"]) or "–", *self._amounts(one)] for one in rates]
        total = [_("Total"), *self._amounts(self.content["totals"])] if len(rates) > 1 else None
        head = [pgettext("tax", "Rate"), _("Net"), name, _("Gross")]
        return {"head": head, "rows": rows, "total": total}

    def _amounts(self, sums: dict[str, str]) -> list[str]:
        return [self.money(sums[name]) for name in ("net", "tax", "gross")]

    def _tax_word(self, code: str) -> str:
        return tax_label(name=self.content["tax"]["name"], code=code, is_added=True)

    def _notes(self) -> list[str]:
        content, payment = self.content, self.content["payment"]
        if self.is_credit:
            notes = [
                {
                    "credit": _("This amount is in your account as store credit."),
                    "held": _("This amount was not taken and is not held any more."),
                    "wallet": _("This amount is back on your gift card, store credit or points."),
                    "account": _("This amount was sent to the account that you named."),
                }.get(content.get("went", ""), _("This amount was sent back the way you paid."))
            ]
            if content["reason"]:
                notes.insert(0, _("Reason: %(reason)s") % {"reason": content["reason"]})
            return notes
        notes = []
        given = [f"{one['name']} −{self.money(one['amount'])}" for one in content["discounts"]]
        if given:
            words = _("These prices include your discounts: %(discounts)s.")
            notes.append(words % {"discounts": ", ".join(given)})
        if not Decimal(content["totals"]["gross"]):
            notes.append(_("There is nothing to pay. Thank you for your order."))
        elif payment["paid_on"]:
            words = _("Paid on %(day)s (%(method)s). Thank you for your order.")
            notes.append(
                words % {"day": day_shown(payment["paid_on"]), "method": payment["method"]}
            )
        else:
            words = _("To be paid: %(method)s. Thank you for your order.")
            notes.append(words % {"method": payment["method"]})
        return notes

    def _footer(self) -> list[list[str]]:
        """Three columns; empty ones are left out."""
        seller = self.content["seller"]
        tax = _("VAT number %(number)s") % {"number": seller["vat_id"]} if seller["vat_id"] else ""
        columns = [
            [seller["name"], *seller["address"]],
            [seller["contact"], seller["register"]],
            [tax, seller["bank"]],
        ]
        kept = [[line for line in lines if line] for lines in columns]
        return [lines for lines in kept if lines]


def rate_shown(code: str) -> str:
    """``19%`` as people write it."""
    return code.replace("%", " %")
