"""The only place that locks vouchers; after the payment intent, before offers and stock."""

from collections.abc import Iterable

from promotions.voucher.models import Voucher


def vouchers_lock(ids: Iterable[int]) -> dict[int, Voucher]:
    """Lock the vouchers in primary-key order and return them by id."""
    rows = Voucher.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(of=("self",))
    return {voucher.pk: voucher for voucher in rows}
