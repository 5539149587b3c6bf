"""The only place that locks vouchers (after the payment intent, before offers and stock) and ranges."""

from collections.abc import Iterable

from promotions.offer.models import Range
from promotions.voucher.models import Voucher


def vouchers_lock(ids: Iterable[int]) -> dict[int, Voucher]:
    """Lock the vouchers in primary-key order and return them by id. No query for none."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = Voucher.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    return {voucher.pk: voucher for voucher in rows}


def ranges_lock(ids: Iterable[int]) -> dict[int, Range]:
    """Lock the ranges in primary-key order, so that each product in them gets a place of its own."""
    rows = Range.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(of=("self",))
    return {one.pk: one for one in rows}
