"""What has a history at the back office: who may read it, what belongs to it, and its own page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse

from catalog.models import Product
from crm.accounts.models import User
from orders.models import Order
from payments.models import PaymentIntent
from promotions.offer.models import ConditionalOffer
from shop.core.levels import masked
from shop.core.office import may

Parts = Callable[[Any], Iterable[str]]


def _nothing(_thing: Any) -> list[str]:
    return []


@dataclass(frozen=True)
class History:
    """``page``: the URL name of the thing's own page, whose ``field`` is its keyword.

    ``right``: what it takes to read it, where that is not the right to see things of its kind.
    """

    page: str = ""
    keyword: str = "pk"
    field: str = "pk"
    parts: Parts = _nothing
    may_see: Callable[[User, Any], bool] | None = None
    right: str = ""


def subjects_among(label: str, rows: QuerySet) -> list[str]:
    return [f"{label}:{pk}" for pk in rows.values_list("pk", flat=True)[:500]]


def _product_parts(product: Product) -> list[str]:
    family = Product.objects.filter(parent_id=product.pk) | Product.objects.filter(pk=product.pk)
    records = apps.get_model("partner.stockrecord").objects.filter(product__in=family)
    return [
        *subjects_among("catalogue.product", family),
        *subjects_among("partner.stockrecord", records),
    ]


def _order_parts(order: Order) -> list[str]:
    intents = PaymentIntent.objects.filter(order_number=order.number)
    returns = apps.get_model("returns.return").objects.filter(order=order)
    addresses = [
        f"order.{kind}:{pk}"
        for kind, pk in (
            ("shippingaddress", order.shipping_address_id),
            ("billingaddress", order.billing_address_id),
        )
        if pk
    ]
    handed = {"order_line__order": order}
    grants = apps.get_model("handover.downloadgrant").objects.filter(**handed)
    jobs = apps.get_model("handover.servicejob").objects.filter(**handed)
    return [
        *addresses,
        *subjects_among("handover.downloadgrant", grants),
        *subjects_among("handover.servicejob", jobs),
        *subjects_among("payments.paymentintent", intents),
        *subjects_among("returns.return", returns),
    ]


def _payment_parts(intent: PaymentIntent) -> list[str]:
    offs = apps.get_model("ledger.writeoff").objects.filter(reference=str(intent.key))
    payouts = apps.get_model("bank.payout").objects.filter(refund__intent=intent)
    return [*subjects_among("ledger.writeoff", offs), *subjects_among("bank.payout", payouts)]


def _wallet_parts(wallet: Any) -> list[str]:
    cards = apps.get_model("wallets.giftcard").objects.filter(wallet=wallet)
    return [
        *subjects_among("wallets.walletentry", wallet.entries.order_by("-pk")),
        *subjects_among("wallets.giftcard", cards),
    ]


def _request_parts(asked: Any) -> list[str]:
    return subjects_among("refunding.refundrequestline", asked.lines.all())


def _consignment_parts(consignment: Any) -> list[str]:
    lines = apps.get_model("fulfilment.consignmentline").objects.filter(consignment=consignment)
    return subjects_among("fulfilment.consignmentline", lines)


def _offer_parts(offer: ConditionalOffer) -> list[str]:
    return [f"offer.condition:{offer.condition_id}", f"offer.benefit:{offer.benefit_id}"]


def _person_may(user: User, person: User) -> bool:
    """Customers by the right to read them; colleagues by the right to read the team."""
    return may(user, "team-list" if person.is_staff else "users-index")


def _contract_parts(contract: Any) -> list[str]:
    rates = apps.get_model("carriers.costrate").objects.filter(contract=contract)
    return subjects_among("carriers.costrate", rates)


def _transfer_parts(transfer: Any) -> list[str]:
    return subjects_among("supply.transferline", transfer.lines.all())


def _line_parts(line: Any) -> list[str]:
    return [
        *subjects_among("bank.bankshare", line.shares.all()),
        *subjects_among("bank.bankuse", line.uses.all()),
    ]


HISTORIES = {
    "accounts.user": History("user-detail", may_see=_person_may),
    "auth.group": History(),
    "bank.bankline": History(parts=_line_parts),
    "bank.payout": History(),
    "carriers.claim": History("claim-detail"),
    "carriers.manifest": History("manifest-detail", right="fulfilment.view_shipment"),
    "carriers.contract": History("contract-detail", parts=_contract_parts),
    "catalogue.category": History("catalogue-category-update"),
    "catalogue.product": History("catalogue-product", parts=_product_parts),
    "catalogue.productclass": History(),
    "content.article": History("article-detail"),
    "content.page": History("page-detail"),
    "drafts.draft": History("draft-detail"),
    "exchange.currency": History("currency-detail", "code"),
    "facts.brand": History("brand-update"),
    "finding.rankingweights": History("search-weights", ""),
    "fulfilment.batch": History("batch-detail"),
    "fulfilment.consignment": History("sending-detail", parts=_consignment_parts),
    "fulfilment.wave": History("wave-detail"),
    "fraud.fraudcheck": History("fraud-detail", "number", "order__number"),
    "fraud.fraudline": History(),
    "fraud.fraudrule": History("", "code", "code"),
    "fraud.listed": History(),
    "handover.downloadgrant": History(),
    "handover.servicejob": History(),
    "ledger.dayclose": History(),
    "ledger.settlement": History("book-settlement"),
    "ledger.writeoff": History(),
    "ledger.writeofflimit": History(),
    "offer.conditionaloffer": History("offer-detail", parts=_offer_parts),
    "offer.range": History("range-update"),
    "order.order": History("order-detail", "number", "number", parts=_order_parts),
    "partner.stockrecord": History("stock-detail"),
    "payments.paymentintent": History("payment-detail", parts=_payment_parts),
    "pricing.pricelist": History("price-list-detail"),
    "rates.holiday": History(),
    "rates.method": History("delivery-method"),
    "rates.pickuppoint": History("delivery-point"),
    "rates.rate": History("delivery-rate"),
    "rates.surcharge": History(),
    "rates.workingweek": History(),
    "rates.zone": History("delivery-zone"),
    "refunding.refundlimit": History(),
    "refunding.refundrequest": History(parts=_request_parts),
    "returns.complaint": History("complaint-detail", right="returns.view_return"),
    "returns.return": History("return-detail", "number", "number"),
    "returns.returnpolicy": History("return-policy-detail"),
    "supply.transfer": History("transfer-detail", parts=_transfer_parts),
    "supply.warehouse": History("warehouse-detail"),
    "taxes.taxcountry": History("tax-detail", "code"),
    "voucher.voucher": History("voucher-stats"),
    "wallets.wallet": History("wallet-detail", parts=_wallet_parts),
}


#: Things without a name of their own: a day, an amount, a payout's number.
SAY_THEMSELVES = (
    "bank.bankline",
    "ledger.dayclose",
    "ledger.settlement",
    "ledger.writeofflimit",
    "refunding.refundlimit",
)

#: The pages on which the way to a history stands: its label, and the keyword that says of what.
PAGES = {
    **{one.page: (label, one.keyword) for label, one in HISTORIES.items() if one.page},
    "book-order": ("order.order", "number"),
    "catalogue-class-update": ("catalogue.productclass", "pk"),
    "collection-update": ("offer.range", "pk"),
    "order-edit": ("order.order", "number"),
    "payout-account": ("order.order", "number"),
    "product-pictures": ("catalogue.product", "pk"),
    "product-variants": ("catalogue.product", "pk"),
    "range-products": ("offer.range", "pk"),
    "refund-ask-new": ("order.order", "number"),
    "team-member": ("accounts.user", "pk"),
    "voucher-update": ("voucher.voucher", "pk"),
    "warehouse-bins": ("supply.warehouse", "pk"),
    "warehouse-edit": ("supply.warehouse", "pk"),
}


def may_see_histories(user: User, label: str) -> bool:
    """Whether ``user`` may read any of this kind; of people it depends on whose it is."""
    app, name = label.split(".")
    return user.has_perm(HISTORIES[label].right or f"{app}.view_{name}")


def thing_found(label: str, key: str) -> Any:
    """By what its page is called by, else by its primary key; None if there is none."""
    model, field = apps.get_model(label), HISTORIES[label].field
    for name in dict.fromkeys([field, "pk"]):
        try:
            thing = model._default_manager.filter(**{name: key}).first()
        except (ValueError, ValidationError, OverflowError):
            continue
        if thing is not None:
            return thing
    return None


def may_see_history(user: User, label: str, thing: Model) -> bool:
    history = HISTORIES[label]
    if history.may_see:
        return history.may_see(user, thing)
    return may_see_histories(user, label)


def subjects_of(label: str, thing: Model) -> list[str]:
    """All under which its story is noted."""
    return list(dict.fromkeys([f"{label}:{thing.pk}", *HISTORIES[label].parts(thing)]))


def title_of(label: str, thing: Any) -> str:
    if label == "order.order":
        return str(thing.number)
    if isinstance(thing, User):
        return masked(thing.get_full_name(), "name") or masked(thing.email, "email")
    if isinstance(thing, PaymentIntent):
        return f"{thing.order_number} · {thing.gateway}"
    if label in SAY_THEMSELVES:
        return str(thing)
    title = getattr(thing, "get_title", None)
    for name in ("name", "title", "code", "number"):
        if title is None and getattr(thing, name, ""):
            return str(getattr(thing, name))
    return str(title() if title else "") or f"#{thing.pk}"


def _value(thing: Any, field: str) -> Any:
    """``order__number`` as a query has it: of the row that belongs to it."""
    for name in field.split("__"):
        thing = getattr(thing, name)
    return thing


def page_of(user: User, label: str, thing: Any) -> str:
    """Where the thing itself is, if ``user`` may go there; else empty."""
    history = HISTORIES[label]
    if not history.page or not may(user, history.page):
        return ""
    if isinstance(thing, User) and thing.is_staff and not user.is_superuser:
        return ""
    words = {history.keyword: _value(thing, history.field)} if history.keyword else {}
    return reverse(f"dashboard:{history.page}", kwargs=words)
