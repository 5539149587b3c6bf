"""Reading what waits to be done, over all apps at once."""

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.opinions.selectors.states import opinions_waiting
from catalog.partner.models import StockRecord
from orders.carriers.models import Claim
from orders.carriers.selectors import messages_parked
from orders.carriers.states import ClaimState
from orders.fraud.models import CheckState, FraudCheck
from orders.fulfilment.models import Consignment, ConsignmentState, Trouble
from orders.fulfilment.selectors import orders_unrouted
from orders.life.selectors import is_free, orders_held, orders_with_messages
from orders.models import Order
from orders.refunds.models import RefundRequest, RequestState
from orders.returns.models import Complaint, Return
from orders.returns.states import ReturnState
from orders.selectors import codes_at_the_door, pays_at_the_door
from orders.states import HOLDING, OrderState
from payments.bank.payouts import payouts_ready
from payments.bank.selectors import lines_waiting
from payments.gateways.exchange import Exchange
from payments.models import PaymentIntent, Refund, RefundState, WebhookEvent
from shop.core.models import Mail, OutboxDelivery
from shop.core.office import WORK_COUNTS
from supply.models import CountLine, CountState

LATE = dt.timedelta(days=2)  # how long an order may wait for its money before somebody looks
MOST_COUNTED = 1000  # of one kind: nobody needs to know it better, and it would cost each page
SOME_DAY = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # in the statement of counts, where today's goes
CLAIM_SOON = dt.timedelta(days=7)  # before the last day to hand in a claim
SOON = SOME_DAY.date() + CLAIM_SOON
NOW_IN: dict[Any, Callable[[], Any]] = {
    SOME_DAY: lambda: timezone.now() - LATE,
    SOME_DAY.date(): timezone.localdate,
    SOON: lambda: timezone.localdate() + CLAIM_SOON,
}


@dataclass(frozen=True)
class WorkCounts:
    """How many rows wait, by kind of work; ``MOST_COUNTED`` stands for as many or more."""

    to_pack: int = 0
    to_ship: int = 0
    late: int = 0
    on_hold: int = 0
    fraud: int = 0
    messages: int = 0
    unpaid: int = 0
    unpaid_late: int = 0
    payment_problems: int = 0
    refunds_open: int = 0
    refunds_asked: int = 0
    bank_lines: int = 0
    payouts: int = 0
    webhooks_parked: int = 0
    mails_parked: int = 0
    outbox_parked: int = 0
    out_of_stock: int = 0
    reviews: int = 0
    photos: int = 0
    questions: int = 0
    answers: int = 0
    reports: int = 0
    returns_asked: int = 0
    returns_here: int = 0
    returns_seen: int = 0
    to_route: int = 0
    at_table: int = 0
    troubles: int = 0
    complaints: int = 0
    claims: int = 0
    claims_soon: int = 0
    carrier_parked: int = 0
    counts_waiting: int = 0

    @property
    def orders(self) -> int:
        return self.to_pack + self.to_ship

    @property
    def returns(self) -> int:
        """To be decided, looked at or paid."""
        return self.returns_asked + self.returns_here + self.returns_seen

    @property
    def opinions(self) -> int:
        """What people wrote and nobody has read, and what readers complain about."""
        return self.reviews + self.photos + self.questions + self.answers + self.reports


def orders_to_pack() -> QuerySet[Order]:
    """What waits for somebody to look is not among them."""
    return Order.objects.filter(Q(status=OrderState.PAID) | pays_at_the_door()).filter(is_free())


def orders_to_ship() -> QuerySet[Order]:
    return Order.objects.filter(status=OrderState.PACKED).filter(is_free())


def orders_late(*, today: dt.date | None = None) -> QuerySet[Order]:
    """Paid for, packed, or to be paid at the door; not gone, and the last day that was promised is over."""
    day = today or timezone.localdate()
    waits = Q(status__in=(OrderState.PAID, OrderState.PACKED)) | pays_at_the_door()
    # All of these are among those that have not left, which have an index of their own: what is late is old, and
    # from the newest on there may be a million before it.
    here = Order.objects.filter(status__in=HOLDING)
    return here.filter(waits, facts__promised_until__lt=day)


def orders_unpaid() -> QuerySet[Order]:
    """Those whose customer is to pay; goods kept in exchange wait for a parcel, not for money."""
    pending = Order.objects.filter(status=OrderState.PENDING).exclude(pays_at_the_door())
    asked = PaymentIntent.objects.filter(order_number=OuterRef("number"))
    asked = asked.exclude(gateway=Exchange.code)
    return pending.exclude(~Exists(asked), facts__payment_method=Exchange.code)


def orders_unpaid_late(*, before: dt.datetime | None = None) -> QuerySet[Order]:
    return orders_unpaid().filter(date_placed__lt=before or timezone.now() - LATE)


def stock_out() -> QuerySet[StockRecord]:
    """Records of products on sale of which nothing is free."""
    return StockRecord.objects.filter(
        product__is_public=True, num_in_stock__lte=Coalesce(F("num_allocated"), 0)
    )


def work_counts() -> WorkCounts:
    """All counts in one query, each from an index and none beyond ``MOST_COUNTED``."""
    statement, values = _counts_statement(codes_at_the_door())
    with connection.cursor() as cursor:
        cursor.execute(statement, [_today(value) for value in values])
        found = dict(cursor.fetchall())
    return WorkCounts(**{field.name: found.get(field.name, 0) for field in fields(WorkCounts)})


def count_shown(count: int) -> str:
    """As it stands in the side and on tabs: ``1000+`` where more were not counted."""
    return f"{count}+" if count >= MOST_COUNTED else str(count)


def counts_for(user: Any, *, is_fresh: bool = False) -> WorkCounts:
    """As `work_counts`, once for a request: the side and the page ask for the same person.

    They are the same for everybody, and kept for ``WORK_COUNTS_KEPT_SECONDS``; who changes something
    in the back office drops them (`shop.core.office`), what else happens shows so much later.
    ``is_fresh``: for a page that is made of them.
    """
    counts = getattr(user, "_work_counts", None)
    if counts is None:
        counts = user._work_counts = work_counts() if is_fresh else _kept_counts()
    return counts


def _kept_counts() -> WorkCounts:
    seconds = settings.WORK_COUNTS_KEPT_SECONDS
    counts = cache.get(WORK_COUNTS) if seconds else None
    if counts is None:
        counts = work_counts()
        if seconds:
            cache.set(WORK_COUNTS, counts, seconds)
    return counts


def _today(value: Any) -> Any:
    """The days of the statement are those of its making; here they become today's."""
    is_day = isinstance(value, dt.date) and value in NOW_IN
    return NOW_IN[value]() if is_day else value


@functools.lru_cache(maxsize=4)
def _counts_statement(_codes: tuple[str, ...]) -> tuple[str, Sequence[object]]:
    """Every page of the back office asks; making the statement takes ten times as long as its answer.

    It is another one only where other gateways are paid at the door.
    """
    kinds: dict[str, QuerySet] = {
        "to_pack": orders_to_pack(),
        "to_ship": orders_to_ship(),
        "late": orders_late(today=SOME_DAY.date()),
        "on_hold": orders_held(),
        "fraud": FraudCheck.objects.filter(state=CheckState.HELD),
        "messages": orders_with_messages(),
        "unpaid": orders_unpaid(),
        "unpaid_late": orders_unpaid_late(before=SOME_DAY),
        "payment_problems": PaymentIntent.objects.exclude(problem=""),
        "refunds_open": Refund.objects.filter(state=RefundState.PENDING),
        "bank_lines": lines_waiting().order_by(),
        "payouts": payouts_ready().order_by(),
        "refunds_asked": RefundRequest.objects.filter(state=RequestState.WAITING),
        "webhooks_parked": WebhookEvent.objects.filter(parked_at__isnull=False),
        "mails_parked": Mail.objects.filter(parked_at__isnull=False, sent_at__isnull=True),
        "outbox_parked": OutboxDelivery.objects.filter(
            parked_at__isnull=False, delivered_at__isnull=True
        ),
        "out_of_stock": stock_out(),
        **opinions_waiting(),
        "returns_asked": Return.objects.filter(state=ReturnState.ASKED),
        "returns_here": Return.objects.filter(state=ReturnState.RECEIVED),
        "returns_seen": Return.objects.filter(state=ReturnState.INSPECTED),
        "to_route": orders_unrouted(),
        "at_table": Consignment.objects.filter(state=ConsignmentState.PICKED),
        "troubles": Trouble.objects.filter(closed_at__isnull=True),
        "complaints": Complaint.objects.filter(closed_at__isnull=True),
        "claims": Claim.objects.filter(state=ClaimState.OPEN),
        "claims_soon": Claim.objects.filter(state=ClaimState.OPEN, deadline__lte=SOON),
        "carrier_parked": messages_parked(),
        "counts_waiting": CountLine.objects.filter(state=CountState.WAITING),
    }
    statements, values = [], []
    for kind, rows in kinds.items():
        with suppress(EmptyResultSet):
            statement, wanted = rows.order_by().values("pk")[:MOST_COUNTED].query.sql_with_params()
            statements.append(f"SELECT %s::text, count(*) FROM ({statement}) AS waiting")  # noqa: S608  Django's own
            values += [kind, *wanted]
    return " UNION ALL ".join(statements), values
