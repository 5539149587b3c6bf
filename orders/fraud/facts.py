"""What the rules look at, read once for an order."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from django.db.models import Q

from orders.fraud.models import FraudCheck
from orders.models import Order, ShippingAddress
from orders.selectors import address_known, sums_known
from orders.states import SOLD
from payments.selectors import REFUSALS_SQL, refusals_of
from shop.core.planned import planned_rows


def email_folded(email: str) -> str:
    """As it is counted: ``M.Lin+a@Example.com`` is mlin@example.com where dots and tags are nobody's."""
    name, _at, domain = email.strip().casefold().rpartition("@")
    name = name.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        name = name.replace(".", "")
    return f"{name}@{domain}"


def place_digest(address: ShippingAddress | None) -> str:
    """The door without its spelling: letters and digits of street, postcode, town and country."""
    if address is None:
        return ""
    words = (address.line1, address.line2, address.postcode, address.line4, address.country_id)
    letters = re.sub(r"[\W_]+", "", " ".join(word or "" for word in words).casefold())
    return sha256(letters.encode()).hexdigest()


def phone_digits(phone: object) -> str:
    return re.sub(r"\D", "", str(phone or ""))


@dataclass(frozen=True)
class Facts:
    """One order as the rules see it. Sums are in the shop's own currency."""

    order: Order
    check: FraudCheck
    _counted: dict[tuple[str, int, int], int] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _refusals: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def email(self) -> str:
        return self.check.email

    @property
    def domain(self) -> str:
        return self.check.email.rpartition("@")[2]

    @property
    def phone(self) -> str:
        address = address_known(self.order)
        return phone_digits(address.phone_number) if address else ""

    @property
    def countries(self) -> dict[str, str]:
        """Where it goes, who pays, from where the card is; only what is known."""
        address, billing = address_known(self.order), self.order.billing_address
        found = {
            "delivery": address.country_id if address else "",
            "billing": billing.country_id if billing else "",
            "card": self.check.card_country,
        }
        return {name: code for name, code in found.items() if code}

    @property
    def total(self) -> Decimal:
        sums = sums_known(self.order)
        return sums.total_own if sums is not None else self.order.total_incl_tax

    @cached_property
    def is_first(self) -> bool:
        """Whether the person bought nothing before."""
        who = (
            Q(user=self.order.user_id)
            if self.order.user_id
            else Q(user=None, guest_email__iexact=self.order.guest_email)
        )
        earlier = Order.objects.filter(who, status__in=SOLD, pk__lt=self.order.pk)
        return not earlier.exists()

    @cached_property
    def refusals(self) -> int:
        """How often a card was refused for this order before one paid."""
        return self._refusals[0] if self._refusals else refusals_of(self.order.number)

    def orders_by(self, name: str, *, hours: int, most: int) -> int:
        """Orders of the same e-mail, place, network or card up to this one, this one included.

        Counted up to ``most``: who orders by the thousand would make each order dearer than the last.
        """
        if (name, hours, most) not in self._counted:
            self.count([(name, hours, most)])
        return self._counted[name, hours, most]

    def count(self, wanted: Iterable[tuple[str, int, int]]) -> None:
        """Look up at once what `orders_by` and `refusals` will be asked for. One query.

        ``wanted``: a column of `FraudCheck`, hours, and up to how many orders.
        """
        known = []
        for one in dict.fromkeys(wanted):
            self._counted[one] = 0
            if getattr(self.check, one[0]):
                known.append(one)
        sql = ", ".join([f"({REFUSALS_SQL})", *(COUNT_SQL[name] for name, _hours, _most in known)])
        placed, order = self.check.placed_at, self.order.pk
        values = [
            one
            for name, hours, most in known
            for one in (
                getattr(self.check, name),
                placed - dt.timedelta(hours=hours),
                placed,
                order,
                most - 1,  # without this one
            )
        ]
        ((refused, *others),) = planned_rows(f"SELECT {sql}", [self.order.number, *values])
        self._refusals.append(refused)
        for one, number in zip(known, others, strict=True):
            self._counted[one] = number + 1


#: How many other orders had the same; by the index of each column.
COUNT_SQL = {
    name: (
        f"(SELECT count(*) FROM (SELECT FROM fraud_fraudcheck WHERE {name} = %s"  # noqa: S608  our names
        " AND placed_at > %s AND placed_at <= %s AND order_id <> %s LIMIT %s) AS other)"
    )
    for name in ("email", "place", "network", "card")
}
