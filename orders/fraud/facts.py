"""What the rules look at, read once for an order."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

from django.db.models import Q

from orders.fraud.models import FraudCheck
from orders.models import Order, ShippingAddress
from orders.selectors import address_known, sums_known
from orders.states import SOLD
from payments.selectors import REFUSALS_SQL, refusals_of, refusals_sql
from shop.core.planned import planned_rows

#: Where networks of houses and machines are. Not `is_private`, which has what is set aside for examples, too.
INSIDE = [
    ip_network(one)
    for one in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
]


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


def network_outside(address: str) -> str:
    """The address, empty where it is one from inside a house or a machine: behind it is everybody."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    inside = any(found in network for network in INSIDE if network.version == found.version)
    return "" if inside else str(found)


def phone_digits(phone: object) -> str:
    return re.sub(r"\D", "", str(phone or ""))


class Sought(NamedTuple):
    """What a rule wants counted: over the orders with the same ``name``, a column of `FraudCheck`, of ``hours``.

    ``what``: see `COUNTS`. ``most``: over how many of those orders, the newest first: who orders by
    the thousand would make each order dearer than the last.
    """

    what: str
    name: str
    hours: int
    most: int


@dataclass(frozen=True)
class Facts:
    """One order as the rules see it. Sums are in the shop's own currency."""

    order: Order
    check: FraudCheck
    _counted: dict[Sought, tuple[Any, Any]] = field(
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

    def counted(self, sought: Sought) -> tuple[Any, Any]:
        """What `COUNTS` says of it, this order included; nothing where this order has no such thing."""
        if sought not in self._counted:
            self.count([sought])
        return self._counted[sought]

    def people(self, sought: Sought) -> int:
        """Who have neither an e-mail nor an address in common: a family or somebody's presents are one."""
        groups: list[set[str]] = []
        for pair in zip(*self.counted(sought), strict=True):
            signs = {one for one in pair if one not in ("", "@")}
            near = [group for group in groups if group & signs]
            if signs:
                groups = [group for group in groups if group not in near] + [signs.union(*near)]
        return len(groups)

    def count(self, wanted: Iterable[Sought]) -> None:
        """Look up at once what `counted` and `refusals` will be asked for. One query."""
        found: dict[Sought, tuple[Any, Any]] = {
            one: ((), ()) if one.what == "people" else (0, 0) for one in wanted
        }
        known = [one for one in found if getattr(self.check, one.name)]
        counts = [f"({COUNTS[one.what, one.name]}) AS count_{at}" for at, one in enumerate(known)]
        tables = ", ".join([f"({REFUSALS_SQL}) AS own", *counts])
        values = [value for one in known for value in self._values(one)]
        ((refused, *rest),) = planned_rows(
            f"SELECT * FROM {tables}",  # noqa: S608  ours
            [self.order.number, *values],
        )
        self._refusals.append(refused)
        pairs = zip(rest[::2], rest[1::2], strict=True)
        self._counted.update(found | dict(zip(known, pairs, strict=True)))

    def _values(self, sought: Sought) -> list[Any]:
        """What `SAME_SQL` is to be filled with."""
        check = self.check
        since = check.placed_at - dt.timedelta(hours=sought.hours)
        others = [getattr(check, sought.name), since, check.placed_at, self.order.pk]
        return [*others, sought.most - 1, self.order.pk, check.email, check.place]


#: The newest orders with the same, by the index of each column, and this one.
SAME_SQL = {
    name: (
        f"(SELECT order_id, email, place FROM fraud_fraudcheck WHERE {name} = %s"  # noqa: S608  our names
        " AND placed_at > %s AND placed_at <= %s AND order_id <> %s"
        " ORDER BY placed_at DESC LIMIT %s) UNION ALL SELECT %s, %s, %s"
    )
    for name in ("email", "place", "network", "card")
}
TIMES_SQL = refusals_sql("(SELECT number FROM order_order WHERE id = same.order_id)")
#: Two columns each. ``orders``: how many; ``refused``: how often a card was, and in how many orders;
#: ``people``: e-mail and address of each.
COUNTS = {
    (what, name): sql.format(same=same, times=TIMES_SQL)
    for name, same in SAME_SQL.items()
    for what, sql in {
        "orders": "SELECT count(*), 0 FROM ({same}) AS same",
        "refused": (
            "SELECT coalesce(sum(times), 0)::bigint, count(*) FILTER (WHERE times > 0)"
            " FROM (SELECT ({times}) AS times FROM ({same}) AS same) AS each"
        ),
        "people": "SELECT array_agg(email::text), array_agg(place::text) FROM ({same}) AS same",
    }.items()
}
