"""Points for what was delivered: earned once, and taken back as far as money went back.

A member earns ``STORE_POINTS_EARNED`` points for each unit of the shop's own currency that the order
kept, in whole points. Gift cards earn when something is bought with them, and points earn none.
"""

from decimal import ROUND_DOWN, Decimal

from django.conf import settings
from django.db.models import F, Q, Sum

from catalog.models import Kind
from orders.locks import order_lock
from orders.models import Line, Order
from orders.states import OrderState
from payments.models import PaymentIntent
from payments.wallets.kinds import GATEWAY
from payments.wallets.models import EntryReason, WalletEntry, WalletKind
from payments.wallets.services import points_earn, points_take_back
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO

COUNTED = (EntryReason.EARNED, EntryReason.UNEARNED)


@retry_on_conflict
def order_points_settle(*, order_number: str) -> int:
    """Bring a member's points for an order to what it should have earned. Safe to repeat.

    Returns by how many points they changed. Points that were spent meanwhile cannot be taken back;
    the next refund tries again.
    """
    order = order_lock(number=order_number)
    if order.user_id is None or not settings.STORE_POINTS_EARNED:
        return 0
    entries = WalletEntry.objects.filter(
        order_number=order.number, reason__in=COUNTED, wallet__kind=WalletKind.POINTS
    )
    has = int(entries.aggregate(total=Sum("amount"))["total"] or 0)
    earned = entries.filter(reason=EntryReason.EARNED).first()
    wanted = _points(order)
    if earned is None:
        is_there = order.status == OrderState.DELIVERED and wanted > 0
        key = f"earned:{order.number}"
        if is_there and points_earn(
            owner_id=order.user_id, points=wanted, key=key, order_number=order.number
        ):
            return wanted
        return 0
    if has <= wanted:
        return 0
    return -points_take_back(
        wallet_id=earned.wallet_id,
        points=has - wanted,
        key=f"unearned:{order.number}:{entries.count()}",
        order_number=order.number,
    )


def _points(order: Order) -> int:
    money = PaymentIntent.objects.filter(order_number=order.number)
    points = GATEWAY[WalletKind.POINTS]
    money = money.exclude(Q(gateway=points) | Q(origin__gateway=points))  # or those of an exchange
    kept = money.aggregate(total=Sum(F("amount_captured") - F("amount_refunded")))["total"] or ZERO
    counted = max(kept - _gift_cards(order), ZERO)
    sums = getattr(order, "sums", None)
    own = counted / sums.rate if sums is not None else counted
    return int((own * settings.STORE_POINTS_EARNED).quantize(Decimal(1), rounding=ROUND_DOWN))


def _gift_cards(order: Order) -> Decimal:
    lines = Line.objects.filter(order=order)
    own = lines.filter(product__product_class__kind=Kind.VOUCHER)
    variants = lines.filter(product__parent__product_class__kind=Kind.VOUCHER)
    total = (own | variants).aggregate(total=Sum("line_price_incl_tax"))["total"]
    return total or ZERO
