"""The chart of accounts: what each role is, and how an account of it is named.

An account is a role and, where that has several, whose it is: ``clearing:stripe``, ``tax:DE:19%``.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from payments.gateways import gateway


class Role(models.TextChoices):
    """Balances are debit less credit: assets and expenses are above zero, the rest below."""

    RECEIVABLE = "receivable", _("Owed by customers")
    CLEARING = "clearing", _("At the payment provider")
    BANK = "bank", _("Bank")
    REFUNDS = "refunds", _("Refunds on their way")
    TAX = "tax", _("Tax to pay")
    EXCHANGES = "exchanges", _("Goods in exchange")
    GIFT_SOLD = "gift_sold", _("Gift cards sold, not yet issued")
    GIFT_CARDS = "gift_cards", _("Gift cards")
    STORE_CREDIT = "store_credit", _("Store credit")
    POINTS = "points", _("Points")
    REVENUE = "revenue", _("Goods sold")
    SHIPPING = "shipping", _("Delivery sold")
    RETURNS = "returns", _("Given back to customers")
    BREAKAGE = "breakage", _("Stored value that expired")
    FEES = "fees", _("Providers' fees")
    POINTS_COST = "points_cost", _("Points given")
    GOODWILL = "goodwill", _("Goodwill")
    ROUNDING = "rounding", _("Rounding")
    WRITE_OFF = "write_off", _("Written off")


class Nature(models.TextChoices):
    ASSET = "asset", _("What we have")
    LIABILITY = "liability", _("What we owe")
    INCOME = "income", _("Income")
    EXPENSE = "expense", _("Expense")


NATURE: dict[str, Nature] = {
    Role.RECEIVABLE: Nature.ASSET,
    Role.CLEARING: Nature.ASSET,
    Role.BANK: Nature.ASSET,
    Role.REFUNDS: Nature.LIABILITY,
    Role.TAX: Nature.LIABILITY,
    Role.EXCHANGES: Nature.LIABILITY,
    Role.GIFT_SOLD: Nature.LIABILITY,
    Role.GIFT_CARDS: Nature.LIABILITY,
    Role.STORE_CREDIT: Nature.LIABILITY,
    Role.POINTS: Nature.LIABILITY,
    Role.REVENUE: Nature.INCOME,
    Role.SHIPPING: Nature.INCOME,
    Role.RETURNS: Nature.INCOME,
    Role.BREAKAGE: Nature.INCOME,
    Role.FEES: Nature.EXPENSE,
    Role.POINTS_COST: Nature.EXPENSE,
    Role.GOODWILL: Nature.EXPENSE,
    Role.ROUNDING: Nature.EXPENSE,
    Role.WRITE_OFF: Nature.EXPENSE,
}

#: Roles with an account for each place and rate of tax, so that the VAT report reads the ledger.
TAXED = (Role.REVENUE, Role.SHIPPING, Role.RETURNS, Role.TAX)


@dataclass(frozen=True)
class AccountKey:
    """Names an account; it is opened when first booked on.

    ``place``: ISO code of the country, with the state where tax differs by it (``US-New York``);
    ``rate``: as papers print it (``19%``), empty where none was noted.
    """

    role: Role
    gateway: str = ""
    place: str = ""
    rate: str = ""

    @property
    def code(self) -> str:
        if self.role in TAXED:
            return f"{self.role.value}:{self.place}:{self.rate}"
        return f"{self.role.value}:{self.gateway}" if self.gateway else self.role.value


RECEIVABLE = AccountKey(Role.RECEIVABLE)
BANK = AccountKey(Role.BANK)
REFUNDS = AccountKey(Role.REFUNDS)
EXCHANGES = AccountKey(Role.EXCHANGES)
FEES = AccountKey(Role.FEES)
GIFT_SOLD = AccountKey(Role.GIFT_SOLD)
GIFT_CARDS = AccountKey(Role.GIFT_CARDS)
STORE_CREDIT = AccountKey(Role.STORE_CREDIT)
POINTS = AccountKey(Role.POINTS)
BREAKAGE = AccountKey(Role.BREAKAGE)
POINTS_COST = AccountKey(Role.POINTS_COST)
GOODWILL = AccountKey(Role.GOODWILL)
ROUNDING = AccountKey(Role.ROUNDING)
WRITE_OFF = AccountKey(Role.WRITE_OFF)


def taxed(role: Role, place: str, rate: str) -> AccountKey:
    """One of the roles in ``TAXED`` for a place and a rate."""
    return AccountKey(role, place=place, rate=rate)


def money_at(gateway_code: str) -> AccountKey:
    """Where money is that this gateway took: at its provider, unless the gateway says otherwise.

    A gateway with ``books_to`` (a role) books there: transfers on the bank, stored value on what
    the shop owes.
    """
    role = Role(getattr(gateway(gateway_code), "books_to", Role.CLEARING))
    return AccountKey(role, gateway=gateway_code if role == Role.CLEARING else "")
