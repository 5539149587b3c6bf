"""What the rules look at, read once for an order."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from django.db.models import Q

from orders.fraud.models import FraudCheck
from orders.models import Order, ShippingAddress
from orders.states import SOLD
from payments.models import PaymentIntent, WebhookEvent

REFUSED = ("payment_intent.payment_failed", "charge.failed")  # what providers say of a refused card


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

    @property
    def email(self) -> str:
        return self.check.email

    @property
    def domain(self) -> str:
        return self.check.email.rpartition("@")[2]

    @property
    def phone(self) -> str:
        address = self.order.shipping_address
        return phone_digits(address.phone_number) if address else ""

    @property
    def countries(self) -> dict[str, str]:
        """Where it goes, who pays, from where the card is; only what is known."""
        billing = self.order.billing_address
        found = {
            "delivery": self.order.shipping_address.country_id
            if self.order.shipping_address
            else "",
            "billing": billing.country_id if billing else "",
            "card": self.check.card_country,
        }
        return {name: code for name, code in found.items() if code}

    @property
    def total(self) -> Decimal:
        sums = getattr(self.order, "sums", None)
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
        keys = PaymentIntent.objects.filter(order_number=self.order.number)
        texts = [str(key) for key in keys.values_list("key", flat=True)]
        return WebhookEvent.objects.filter(kind__in=REFUSED, reference__in=texts).count()

    def orders_by(self, field: str, *, hours: int) -> int:
        """Orders of the same e-mail, place, network or card up to this one, this one included."""
        value = getattr(self.check, field)
        if not value:
            return 0
        since = self.check.placed_at - dt.timedelta(hours=hours)
        return FraudCheck.objects.filter(
            **{field: value}, placed_at__gt=since, placed_at__lte=self.check.placed_at
        ).count()
