"""What stands behind addresses of the back office in `tests.test_permissions`."""

from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from catalog.content.models import FaqItem, PageKind, Topic
from catalog.exchange.models import Currency, CurrencyPrice
from catalog.kinds.models import ProductFile
from catalog.models import Kind
from catalog.taxes.models import TaxCountry, TaxRate
from orders.carriers.models import CarrierMessage, Claim, Contract, Label, Manifest
from orders.fulfilment.consigning import consignments_make
from orders.fulfilment.models import Batch, Shipment, Trouble
from orders.fulfilment.waves import wave_make
from orders.handover.models import DownloadGrant, ServiceJob
from orders.models import Line
from orders.rates.models import (
    Holiday,
    Method,
    PickupPoint,
    Rate,
    Surcharge,
    WorkingWeek,
    Zone,
)
from orders.refunds.models import RefundRequest
from orders.returns.models import (
    Complaint,
    ComplaintPhoto,
    Return,
    ReturnPhoto,
    ReturnPolicy,
    private_storage,
)
from payments.bank.models import BankLine
from payments.models import PaymentIntent, Refund
from payments.wallets.models import GiftCard, Wallet
from supply.models import Bin, CountLine, CycleCount
from supply.services import transfer_make
from tests.content.makers import article_made, page_made
from tests.factories import OtherWarehouseFactory, UserFactory, WarehouseFactory
from tests.homepage.makers import block_made, notice_made
from tests.kinds.support import product_of, set_of
from tests.sales import intent_of
from tests.wallets.support import credit_of


def things_told(product) -> dict[str, dict]:
    """A guide with a product, its topic, and a page with a question and a version."""
    page = page_made("faq", kind=PageKind.QUESTIONS, title_zh_hans="问答")
    item = FaqItem.objects.create(
        page=page, question="When?", question_zh_hans="何时？", answer="Soon."
    )
    return {
        "home-block": {"pk": block_made(title_zh_hans="标题").pk, "kind": "text"},
        "notice": {"pk": notice_made(text_zh_hans="通知").pk},
        "article": {"pk": article_made("wool", title_zh_hans="羊毛").pk, "family": product.pk},
        "topic": {"pk": Topic.objects.create(name="Care", name_zh_hans="养护", slug="care").pk},
        "page": {"pk": page.pk, "number": 1},
        "question": {"pk": item.pk},
        "question-add": {"pk": page.pk},
    }


def markets(product) -> dict[str, dict]:
    """A currency with a price in it, a country with a tax, and what sending costs."""
    currency = Currency.objects.create(code="USD")
    price = CurrencyPrice.objects.create(
        stock_record=product.stockrecords.get(), currency=currency, price=1
    )
    rate = TaxRate.objects.create(
        country=TaxCountry.objects.create(code="FR"), rate="0.2", valid_from=timezone.localdate()
    )
    zone = Zone.objects.create(code="1", name="World")
    method = Method.objects.create(code="standard", name_en="Standard", name_zh="标准配送")
    sent = Rate.objects.create(zone=zone, method=method, charge=5, days_least=1, days_most=2)
    holiday = Holiday.objects.create(mover="carrier", day=timezone.localdate(), name="5.1")
    surcharge = Surcharge.objects.create(kind="bulky", charge=9)
    point = PickupPoint.objects.create(
        code="1", name="1", street="1", postcode="10115", city="1", country="DE"
    )
    week = WorkingWeek.objects.create(mover="warehouse")
    return {
        "delivery-rate": {"pk": sent.pk},
        "delivery-zone": {"pk": zone.pk},
        "delivery-point": {"pk": point.pk},
        "delivery-week": {"pk": week.pk},
        "delivery-method": {"pk": method.pk},
        "delivery-holiday": {"pk": holiday.pk},
        "delivery-surcharge": {"pk": surcharge.pk},
        "currency": {"code": "USD", "pk": price.pk},
        "tax": {"code": "FR", "pk": rate.pk},
    }


def kinds_of_things(line: Line) -> dict[str, dict]:
    """A set, a file that was sold, a gift card and work to do."""
    made = set_of({line.product: 1}, price="5.00")
    file = ProductFile.objects.create(
        product=product_of(Kind.DOWNLOAD), file="none.pdf", name="none.pdf", size=1
    )
    now = timezone.now()
    wallet = Wallet.objects.create(kind="gift_card", code_hash="0", currency="EUR", expires_at=now)
    GiftCard.objects.create(
        wallet=wallet,
        order_line=line,
        place=1,
        initial=10,
        recipient_email="lin@example.com",
        send_at=now,
    )
    grant = DownloadGrant.objects.create(order_line=line, file=file, allowed=5, expires_at=now)
    return {
        "set": {"pk": made.pk, "part_pk": made.parts.get().pk},
        "digital": {"pk": file.product_id},
        "file-add": {"pk": file.product_id},
        "file-offer": {"pk": file.pk},
        "wallet-take-back": {"pk": credit_of(UserFactory(), "5.00").entries.get().pk},
        "wallet": {"pk": wallet.pk},
        "grant": {"pk": grant.pk},
        "job": {"pk": ServiceJob.objects.create(order_line=line).pk},
    }


def money_decided(line: Line) -> dict[str, dict]:
    """A refund that waits for a second person, and a bank line for finance."""
    order = line.order
    asked = RefundRequest.objects.create(
        order=order, key=uuid4(), amount=1, reason="测试", is_over_limit=True
    )
    came = BankLine.objects.create(
        fingerprint="k", booked_on=order.date_placed, amount=1, currency="EUR"
    )
    intent = intent_of(order)
    PaymentIntent.objects.filter(pk=intent.pk).update(
        amount_authorised=intent.amount, amount_captured=intent.amount, amount_refunded=1
    )
    back = Refund.objects.create(intent=intent, key="by-hand", amount=1, reason="测试")
    return {
        "refund-ask": {"pk": asked.pk, "number": order.number},
        "payout": {"pk": back.pk, "number": order.number},
        "bank": {"pk": came.pk},
    }


def something_back(line: Line) -> dict[str, dict]:
    """A return with a photo, and the rule of everything else."""
    label = Label.objects.create(order=line.order, carrier="parcelway", pdf=b"%PDF", is_return=True)
    back = Return.objects.create(order=line.order, number="R-AAAA-CCCC", key=uuid4(), label=label)
    back.lines.create(order_line=line, quantity=1, shipped=1, reason="mind")
    name, storage = "returns/test.webp", private_storage()
    if not storage.exists(name):
        storage.save(name, ContentFile(b"RIFF"))
    photo = ReturnPhoto.objects.create(back=back, image=name)
    complaint = Complaint.objects.create(
        order=line.order, key=uuid4(), kind="late", wish="words", words="在哪里？"
    )
    sent_back = Shipment.objects.create(
        order=line.order,
        carrier="parcelway",
        tracking_number="PW-1",
        shipped_at=timezone.now(),
        failed="returned",
        failed_at=timezone.now(),
    )
    here = line.order.shipments.create(packed_at=timezone.now())
    here.lines.create(order_line=line, quantity=1)
    seen = ComplaintPhoto.objects.create(complaint=complaint, image=name)
    claim = Claim.objects.create(label=label, kind="lost", amount=1)
    contract = Contract.objects.create(
        carrier="parcelway", reference="C-1", valid_from=timezone.localdate()
    )
    return {
        "parcel-back": {"pk": sent_back.pk},
        "parcel": {"pk": label.pk},
        "parcel-rates": {"pk": here.pk},
        "box-slip": {"pk": here.pk},
        "manifest": {"pk": Manifest.objects.create(number="M-1", carrier="parcelway").pk},
        "carrier-message": {
            "pk": CarrierMessage.objects.create(
                carrier="parcelway", event_id="e1", tracking_number="PW1"
            ).pk
        },
        "claim": {"pk": claim.pk},
        "claim-new": {"pk": label.pk},
        "contract": {"pk": contract.pk},
        "complaint": {"pk": complaint.pk, "photo": seen.pk},
        "refurbish": {"pk": line.returned.get().pk},
        "return-start": {"number": line.order.number},
        "return": {"number": back.number, "pk": photo.pk},
        "return-policy": {"pk": ReturnPolicy.objects.get_or_create(category=None)[0].pk},
    }


def floor_of(line: Line) -> dict[str, dict]:
    """An order that is routed, in a wave, with a trouble; a warehouse with a transfer and a count."""
    order, main = line.order, WarehouseFactory()
    with transaction.atomic():
        (consignment,) = consignments_make(order)
    wave = wave_make(warehouse=main, key=uuid4())
    row = consignment.lines.get()
    trouble = Trouble.objects.create(kind="short", order=order, consignment_line=row, units=1)
    batch = Batch.objects.create(action="pack", total=0, key=uuid4())
    moved = transfer_make(source=main, target=OtherWarehouseFactory(), key=uuid4())
    count = CycleCount.objects.create(warehouse=main, day=timezone.localdate(), key=uuid4())
    shelf = Bin.objects.create(warehouse=main, code="A-1")
    counted = CountLine.objects.create(count=count, bin=shelf, stock_record=line.stockrecord)
    return {
        "sending": {"pk": consignment.pk},
        "batch": {"pk": batch.pk},
        "orders-labels": {"pk": batch.pk},
        "order-view-drop": {"pk": 1},
        "wave": {"pk": wave.pk},
        "pack-": {"pk": consignment.pk},
        "trouble": {"pk": trouble.pk},
        "warehouse": {"pk": main.pk},
        "transfer": {"pk": moved.pk},
        "count": {"pk": count.pk},
        "bin-": {"pk": shelf.pk},
        "count-enter": {"pk": counted.pk},
        "count-decide": {"pk": counted.pk},
    }
