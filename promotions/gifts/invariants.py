"""What `manage.py verify` checks about gift vouchers."""

from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.utils import timezone

from promotions.gifts.models import GiftState, GiftVoucher
from shop.core.verify import invariant


@invariant("gift vouchers: used is what one order used, void is what nobody can use")
def gifts_are_what_they_say() -> Iterator[str]:
    rows = GiftVoucher.objects.annotate(uses=Count("voucher__applications"))
    wrong = Q(uses__gt=1) | Q(state=GiftState.USED, uses=0)
    wrong |= Q(uses__gt=0) & ~Q(state=GiftState.USED)
    for gift in rows.filter(wrong):
        yield f"gift voucher {gift.pk} is {gift.state} and was used {gift.uses} times"
    alive = GiftVoucher.objects.filter(state=GiftState.VOID)
    for gift in alive.filter(voucher__end_datetime__gt=timezone.now()):
        yield f"gift voucher {gift.pk} is void and its code still works"


@invariant("gift vouchers: each is worth what its unit cost")
def gifts_are_worth_their_price() -> Iterator[str]:
    wrong = GiftVoucher.objects.exclude(initial=F("order_line__unit_price_incl_tax"))
    for gift in wrong.select_related("order_line"):
        yield f"gift voucher {gift.pk}: {gift.initial}, paid {gift.order_line.unit_price_incl_tax}"
