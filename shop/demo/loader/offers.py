"""A coupon to try at the basket, and an offer that begins at a sum."""

import datetime as dt
from decimal import Decimal

from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from promotions.voucher.models import Voucher

CODE = "WELCOME10"


def offers_load(*, now: dt.datetime) -> None:
    """``WELCOME10`` takes 10 % off everything, for whoever types it in the basket, for a year.

    Whoever buys for 200 or more pays 15 less, without typing anything.
    """
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    offer = ConditionalOffer.objects.create(
        name="Ten percent to say welcome",
        name_zh_hans="新朋友九折",
        offer_type=ConditionalOffer.VOUCHER,
        condition=Condition.objects.create(range=everything, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(
            range=everything, type=Benefit.PERCENTAGE, value=Decimal(10)
        ),
    )
    voucher = Voucher.objects.create(
        name="Welcome",
        code=CODE,
        usage=Voucher.MULTI_USE,
        start_datetime=now - dt.timedelta(days=30),
        end_datetime=now + dt.timedelta(days=365),
    )
    voucher.offers.add(offer)
    ConditionalOffer.objects.create(
        name="Fifteen off from two hundred",
        name_zh_hans="满 200 减 15",
        offer_type=ConditionalOffer.SITE,
        condition=Condition.objects.create(
            range=everything, type=Condition.VALUE, value=Decimal(200)
        ),
        benefit=Benefit.objects.create(range=everything, type=Benefit.FIXED, value=Decimal(15)),
    )
