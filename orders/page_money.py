"""What an order's page says of its money."""

from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.models import Order
from orders.page_parts import Fact
from orders.shipping.repository import method_name
from orders.tax_words import order_taxes
from payments.bank.models import Payout
from payments.gateways import codes_by_hand, gateway, is_stored
from payments.models import HOPED, LIVE, PaymentIntent, Refund, RefundState
from payments.selectors import held_of, intent_shown, intents_of_order, standing
from payments.services import is_by_hand
from shop.core.money import shown


class OrderMoney:
    """Sums, payments and refunds of one order, in words and in its currency."""

    order: Order

    @cached_property
    def intents(self) -> list[PaymentIntent]:
        """Its payments, newest first."""
        return intents_of_order(self.order.number)

    @property
    def intent(self) -> PaymentIntent | None:
        """The one to speak of: that still waits, else that came."""
        return intent_shown(self.intents)

    @property
    def method(self) -> str:
        return self.order.facts.payment_method

    @property
    def method_name(self) -> str:
        """Gift cards, credit and points first, then how the rest is paid."""
        codes = [one.gateway for one in reversed(self.intents) if is_stored(one.gateway)]
        codes += [self.method] if self.method else []
        names = [str(gateway(code).label) for code in dict.fromkeys(codes)]
        return " + ".join(names) if names else _("Nothing to pay")

    @property
    def is_sent(self) -> bool:
        """Whether there is a parcel in it; downloads, services and gift cards need none."""
        return self.order.shipping_address_id is not None

    @property
    def total(self) -> str:
        return self.money(self.order.total_incl_tax)

    @property
    def is_partly_stored(self) -> bool:
        """Whether gift cards, credit or points paid a part of it."""
        return any(is_stored(one.gateway) for one in self.intents)

    @property
    def is_tax_added(self) -> bool:
        """Whether prices were shown without tax, and it was added at the end."""
        sums = getattr(self.order, "sums", None)
        return sums is not None and sums.is_tax_added

    @property
    def totals(self) -> list[Fact]:
        order, tax = self.order, "excl" if self.is_tax_added else "incl"
        lines = order.lines.all()
        before = sum(getattr(line, f"line_price_before_discounts_{tax}_tax") for line in lines)
        goods = sum(getattr(line, f"line_price_{tax}_tax") for line in lines)
        rows = [Fact(_("Goods"), self.money(before))]
        if before > goods:
            rows.append(Fact(_("Discounts"), f"−{self.money(before - goods)}", "less"))
        charge = getattr(order, f"shipping_{tax}_tax")
        cost = self.money(charge) if charge else _("Free")
        name = method_name(order.shipping_code, default=order.shipping_method)
        if self.is_sent:
            rows.append(Fact(_("Delivery"), cost, note=name))
        total = Fact(_("Total"), self.total, "total")
        if self.is_tax_added:
            return [*rows, *self._tax_rows(""), total, *self._tender_rows(), *self._held_rows()]
        return [*rows, total, *self._tax_rows("faint"), *self._tender_rows(), *self._held_rows()]

    def _held_rows(self) -> list[Fact]:
        """Of what is taken parcel by parcel: what was taken, and what is only held so far."""
        money = standing(self.intents)
        if not money.promised:
            return []
        rest = Fact(_("Held, and taken as your things leave"), self.money(money.promised), "faint")
        paid = Fact(_("Paid so far"), self.money(money.captured), "faint")
        return [paid, rest] if money.captured else [rest]

    def _tender_rows(self) -> list[Fact]:
        """What each way to pay takes of the total, where wallets are among them."""
        if not self.is_partly_stored:
            return []
        counted = [one for one in self.intents if one.state in LIVE]
        return [
            Fact(str(gateway(one.gateway).label), self.money(one.amount))
            for one in reversed(counted)
        ]

    def _tax_rows(self, kind: str) -> list[Fact]:
        taxes = order_taxes(self.order, self.order.lines.all(), is_added=self.is_tax_added)
        return [Fact(label, self.money(amount), kind) for label, amount in taxes]

    @property
    def refunds(self) -> list[Refund]:
        """What was sent back or is on its way; refusals are the shop's to solve."""
        rows = [refund for intent in self.intents for refund in intent.refunds.all()]
        return [row for row in rows if row.state != RefundState.REFUSED]

    @property
    def pays_back_by_hand(self) -> bool:
        """Whether money that goes back needs an account of the shopper's."""
        return self.method in codes_by_hand()

    @cached_property
    def payouts(self) -> list[Refund]:
        """What of it a person sends, because no provider does, and has not sent yet."""
        rows = [one for one in self.refunds if one.state == RefundState.PENDING and is_by_hand(one)]
        known = Payout.objects.in_bulk([one.pk for one in rows]) if rows else {}
        for one in rows:
            one.named = known.get(one.pk)
        return rows

    @property
    def back_by_hand(self) -> str:
        return self.money(sum(one.amount for one in self.payouts))

    @property
    def account_shown(self) -> str:
        """The end of the account that was named for all of it; empty while one is missing."""
        shown = [one.named.shown if one.named else "" for one in self.payouts]
        return shown[-1] if all(shown) and shown else ""

    @property
    def can_name_account(self) -> bool:
        """Not any more where it is with the bank."""
        return any(one.named is None or one.named.filed_at is None for one in self.payouts)

    @property
    def payment_facts(self) -> list[Fact]:
        rows = [Fact(_("Way to pay"), self.method_name)]
        several = len({intent.part for intent in self.intents}) > 1
        for intent in reversed(self.intents):
            name = str(gateway(intent.gateway).label) if several else ""
            if intent.amount_captured:
                rows.append(Fact(_("Paid"), self.money(intent.amount_captured), note=name))
            elif several and intent.state in HOPED:
                is_held = held_of(intent) > 0
                words = _("Held, and taken as your things leave") if is_held else _("To be paid")
                rows.append(Fact(words, self.money(intent.amount), note=name))
        for refund in self.refunds:
            words = _("Refunded") if refund.state == RefundState.DONE else _("Refund on its way")
            rows.append(Fact(words, self.money(refund.amount)))
        return rows

    def money(self, amount: Any) -> str:
        return shown(amount, self.order.currency, get_language() or "en")
