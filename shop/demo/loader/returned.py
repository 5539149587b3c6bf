"""What came back: some returns in every state, with reasons, photos, and rules by category."""

import datetime as dt
import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import F, QuerySet
from django.utils import timezone

from catalog.models import Category
from crm.accounts import roles
from orders.fulfilment.models import Shipment
from orders.models import Line, Order
from orders.returns import services
from orders.returns.amounts import proposal_of
from orders.returns.models import Return, ReturnMoment, ReturnPolicy
from orders.returns.selectors import returnables_of
from orders.returns.states import ENDED, FAULTS, ReturnReason, ReturnState, Wish
from orders.returns.swaps import swaps_of
from orders.services import order_mark_paid
from orders.states import OrderState
from payments.models import IntentState, PaymentEntry, PaymentIntent, Refund
from payments.services import refund_send
from shop.core.models import OutboxDelivery
from shop.demo.loader.paid_out import paid_back
from shop.demo.loader.photos import photo_take
from supply.models import StockMovement

RECENT = dt.timedelta(days=28)  # since delivery: every reason still holds
OPEN_FOR, TOOK = (
    dt.timedelta(days=6),
    dt.timedelta(days=10),
)  # open ones began then; others took so long
OWN = 4  # of the demo's shopper
MONEY = (ReturnState.INSPECTED, ReturnState.REFUNDED, ReturnState.EXCHANGED)
FRESH = ("fruit", "vegetables", "bakery", "butcher", "dishes", "cut-flowers")


@dataclass(frozen=True)
class Story:
    """How far one return got, and why it began."""

    state: ReturnState
    reason: ReturnReason
    comment: tuple[str, str] = ("", "")  # English, Chinese
    photos: int = 0
    outcome: str = "restock"
    wish: Wish = Wish.REFUND


STORIES = (
    Story(ReturnState.ASKED, ReturnReason.DAMAGED, ("The corner is dented.", "边角有凹痕。"), 2),
    Story(ReturnState.APPROVED, ReturnReason.MIND),
    Story(
        ReturnState.APPROVED,
        ReturnReason.WRONG,
        ("I ordered the other colour.", "我订的是另一种颜色。"),
        1,
    ),
    Story(
        ReturnState.ON_WAY, ReturnReason.BROKEN, ("It stopped after two days.", "用了两天就坏了。")
    ),
    Story(
        ReturnState.RECEIVED,
        ReturnReason.DESCRIBED,
        ("Darker than in the pictures.", "颜色比图片深。"),
        1,
    ),
    Story(ReturnState.RECEIVED, ReturnReason.FIT),
    Story(ReturnState.ASKED, ReturnReason.FIT, ("One size smaller would do.", "小一号就合适了。")),
    Story(ReturnState.ASKED, ReturnReason.LATE),
    Story(ReturnState.INSPECTED, ReturnReason.DAMAGED, photos=1, outcome="scrap"),
    Story(ReturnState.INSPECTED, ReturnReason.MIND),
    Story(ReturnState.REFUNDED, ReturnReason.MIND),
    Story(
        ReturnState.REFUNDED,
        ReturnReason.BROKEN,
        ("No sound on the left.", "左边没有声音。"),
        1,
        "refurbish",
    ),
    Story(ReturnState.REFUSED, ReturnReason.MIND, ("Used it once.", "只用过一次。")),
    Story(ReturnState.CLOSED, ReturnReason.MIND, outcome="not_received"),
    Story(ReturnState.CANCELLED, ReturnReason.FIT),
    Story(ReturnState.APPROVED, ReturnReason.FIT, wish=Wish.EXCHANGE),
    Story(ReturnState.INSPECTED, ReturnReason.FIT, wish=Wish.EXCHANGE),
    Story(
        ReturnState.EXCHANGED,
        ReturnReason.DESCRIBED,
        ("I would rather have another one.", "想换另一款。"),
        wish=Wish.EXCHANGE,
    ),
)
#: What receivers told: kind, wish, words, and how it was put right.
COMPLAINTS = (
    ("missing", "again", ("One of them was not in it.", "少了一件。"), ""),
    ("damaged", "money", ("It came in two pieces.", "收到时已碎成两半。"), ""),
    ("late", "words", ("Where is it?", "到哪里了？"), "words"),
)
ANSWER = ("It waits at the depot and comes tomorrow.", "包裹在站点，明天送达。")
REFUSAL = (
    "It was washed, so we cannot sell it as new. Write to us, we gladly help with its care.",
    "商品已经清洗过，无法再次销售。如需保养建议，欢迎写信给我们。",
)
NOTHING_IN_IT = (
    "The parcel was empty. Please ask your carrier, and write to us.",
    "包裹是空的。请联系承运商，并写信告诉我们。",
)


def returned_load(*, accounts: Mapping[str, Any], now: dt.datetime, seed: int) -> None:
    """As many of the stories as there are orders that arrived; the shopper's come first.

    Where money is to go back the order was paid by transfer: that is settled without a provider.
    """
    rules_load()
    rng = random.Random(f"returned-{seed}")
    shopper = accounts["Shopper"]
    by_transfer = list(_orders("transfer").exclude(user=shopper)[: len(STORIES)])
    others = list(_orders("stripe").filter(user=shopper)[:OWN])
    others += list(_orders("stripe").exclude(user=shopper)[: len(STORIES)])
    for place, story in enumerate(STORIES, start=1):
        orders = by_transfer if story.state in MONEY else others
        if orders:
            _Told(story, orders.pop(0), accounts, now, rng).tell(UUID(int=place))
    _complaints_load(others, accounts)
    # Long told: nobody is written to when the demo starts.
    OutboxDelivery.objects.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())


def _complaints_load(orders: list[Order], accounts: Mapping[str, Any]) -> None:
    """As many as there are orders left over, the shopper's first."""
    for place, ((kind, wish, words, remedy), order) in enumerate(
        zip(COMPLAINTS, orders, strict=False), start=1
    ):
        is_chinese = order.facts.language == "zh-hans"
        made = services.complaint_make(
            order=order,
            kind=kind,
            wish=wish,
            key=UUID(int=1000 + place),
            language=order.facts.language,
            units={order.lines.order_by("pk")[0].pk: 1},
            parcel=order.shipments.order_by("pk").first(),
            words=words[is_chinese],
        )
        if remedy:
            services.complaint_close(
                complaint=made,
                remedy=remedy,
                answer=ANSWER[is_chinese],
                user=accounts[roles.AGENT],
            )


def rules_load() -> None:
    """What is eaten comes back only if something is wrong with it."""
    for category in Category.objects.filter(slug__in=FRESH):
        ReturnPolicy.objects.get_or_create(
            category=category,
            defaults={
                "days": 0,
                "fault_days": 7,
                "free_reasons": [ReturnReason.DAMAGED, ReturnReason.WRONG],
            },
        )


def _orders(gateway: str) -> QuerySet[Order]:
    """Paid this way, delivered in one parcel, nothing sent back, nothing to eat in it; the newest first."""
    paid = PaymentIntent.objects.filter(
        state=IntentState.CAPTURED, gateway=gateway, amount_refunded=0
    )
    return (
        Order.objects.filter(
            status=OrderState.DELIVERED,
            shipments__delivered_at__isnull=False,
            number__in=paid.values("order_number"),
        )
        .exclude(lines__product__categories__slug__in=FRESH)
        .exclude(lines__product__parent__categories__slug__in=FRESH)
        .annotate(came=F("shipments__delivered_at"))
        .select_related("facts", "user")
        .order_by("-came", "pk")
    )


class _Told:
    """Takes one order through the steps of its story, at moments of the past."""

    def __init__(
        self,
        story: Story,
        order: Order,
        accounts: Mapping[str, Any],
        now: dt.datetime,
        rng: random.Random,
    ) -> None:
        self.story, self.order, self.now, self.rng = story, order, now, rng
        self.service = accounts[roles.AGENT]
        self.clerk = accounts[roles.CLERK]
        self.finance = accounts[roles.FINANCE]

    def tell(self, key: UUID) -> None:
        parcels = Shipment.objects.filter(order=self.order)
        sent_at, came = parcels.values_list("shipped_at", "delivered_at").get()
        is_past = self.story.state in ENDED and came < self.now - RECENT
        if is_past:  # it was asked for when it was new, long ago
            parcels.update(shipped_at=self.now - RECENT, delivered_at=self.now - RECENT / 2)
        back = self._asked(key)
        parcels.update(shipped_at=sent_at, delivered_at=came)
        if back is not None:
            self._walk(back)
            self._date(back)

    def _asked(self, key: UUID) -> Return | None:
        """The dearest thing of the order; None where nothing may come back for the reason."""
        reason, comment = self.story.reason, self._said(self.story.comment)
        is_late = self.story.state not in ENDED and self.order.came < self.now - RECENT
        if is_late and reason not in FAULTS:
            reason, comment = self.rng.choice(FAULTS), ""
        today = timezone.localdate()
        fitting = [
            one.line
            for one in returnables_of(self.order)
            if one.left and reason in one.reasons(today)
        ]
        if not fitting:
            return None
        line = max(fitting, key=lambda one: (one.line_price_incl_tax, -one.pk))
        able = swaps_of(line) if self.story.wish == Wish.EXCHANGE else []
        other = next(
            (one for one in able if one.product.pk != line.product_id and not one.more), None
        )
        swap = other or next(iter(able), None)
        return services.return_ask(
            order=self.order,
            wanted=[
                services.Wanted(line.pk, 1, reason, comment, swap.product.pk if swap else None)
            ],
            wish=Wish.EXCHANGE if swap else Wish.REFUND,
            key=key,
            language=self.order.facts.language,
            photos=self._photos(line),
            user=self.order.user,
        )

    def _said(self, words: tuple[str, str]) -> str:
        """In the language of the order."""
        return words[self.order.facts.language == "zh-hans"]

    def _walk(self, back: Return) -> None:
        state = self.story.state
        if state == ReturnState.REFUSED:
            services.return_refuse(back=back, because=self._said(REFUSAL), user=self.service)
        if state == ReturnState.CANCELLED:
            services.return_cancel(back=back, user=self.order.user)
        if state in (ReturnState.ASKED, ReturnState.REFUSED, ReturnState.CANCELLED):
            return
        services.return_approve(back=back, user=self.service)
        if state == ReturnState.APPROVED:
            return
        code = f"{self.rng.randrange(10**11, 10**12)}"
        services.return_send(back=back, carrier="DHL", tracking_number=code, user=self.order.user)
        if state == ReturnState.ON_WAY:
            return
        services.return_receive(back=back, user=self.clerk)
        if state == ReturnState.RECEIVED:
            return
        found = {
            one.pk: services.Found(**{self.story.outcome: one.quantity}) for one in back.lines.all()
        }
        services.return_inspect(back=back, found=found, user=self.clerk)
        if state == ReturnState.REFUNDED:
            back.refresh_from_db()
            amount = proposal_of(back).total
            paid = services.return_refund(back=back, amount=amount, user=self.finance)
            paid_back(refund_send(refund=paid.refund), user=self.finance)
        if state == ReturnState.EXCHANGED:
            services.return_exchange(back=back, user=self.service)
            kept = back.exchange.order
            paid = PaymentIntent.objects.get(order_number=kept.number, gateway="exchange")
            order_mark_paid(order_number=kept.number, intent_id=paid.pk)
        if state == ReturnState.CLOSED:
            services.return_close(back=back, user=self.finance, note=self._said(NOTHING_IN_IT))

    def _date(self, back: Return) -> None:
        """The steps lie between delivery and now, each some time after the one before."""
        is_ended = self.story.state in ENDED
        begin = self.order.came if is_ended else max(self.order.came, self.now - OPEN_FOR)
        end = min(begin + TOOK, self.now) if is_ended else self.now
        moments = list(back.moments.order_by("pk"))
        part = (end - begin) * self.rng.uniform(0.7, 0.95) / len(moments)
        for place, moment in enumerate(moments, start=1):
            moment.at = begin + part * place
        ReturnMoment.objects.bulk_update(moments, ["at"])
        last = moments[-1].at
        Return.objects.filter(pk=back.pk).update(created_at=moments[0].at)
        Return.objects.filter(pk=back.pk, closed_at__isnull=False).update(closed_at=last)
        refunds = Refund.objects.filter(key=f"return-{back.number}")
        PaymentEntry.objects.filter(reference__in=refunds.values("reference")).update(
            happened_at=last
        )
        refunds.update(created_at=last, settled_at=last)
        sources = [f"return:{pk}" for pk in back.lines.values_list("pk", flat=True)]
        seen = next((one.at for one in moments if one.state == ReturnState.INSPECTED), last)
        StockMovement.objects.filter(source__in=sources).update(moved_at=seen)

    def _photos(self, line: Line) -> Sequence[ContentFile]:
        """The product's picture seen by another camera; none where it was not drawn."""
        product = line.product
        images = [
            image for one in (product, product.parent) if one for image in one.images.all()[:1]
        ]
        source = Path(settings.MEDIA_ROOT) / images[0].original.name if images else None
        if source is None or not source.exists():
            return []
        taken = []
        for place in range(self.story.photos):
            buffer = BytesIO()
            photo_take(source, buffer, seed=zlib.crc32(f"{source.name}-{place}".encode()))
            taken.append(ContentFile(buffer.getvalue(), name=f"demo-{line.pk}-{place}.webp"))
        return taken
