"""Every event of the shop, each a frozen dataclass. News travels upward as these, never as calls."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """Base of all events; the name under which it is stored is the class's own."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = cls.__name__


@dataclass(frozen=True)
class RatesChanged(Event):
    """Prices in other currencies than the shop's own are no longer what they were."""


@dataclass(frozen=True)
class ListPricesMoved(Event):
    """Of these families, lists must say the prices in other currencies anew."""

    family_ids: list[int]


@dataclass(frozen=True)
class OrderPlaced(Event):
    """``network``: the address that the browser came from, where there was one."""

    order_id: int
    order_number: str
    network: str = ""


@dataclass(frozen=True)
class OrderPaid(Event):
    order_id: int
    order_number: str


@dataclass(frozen=True)
class OrderCancelled(Event):
    """``reason``: one of orders.states.CancelReason."""

    order_id: int
    order_number: str
    reason: str


@dataclass(frozen=True)
class OrderReleased(Event):
    """Somebody looked, and it goes on."""

    order_id: int
    order_number: str


@dataclass(frozen=True)
class OrderEdited(Event):
    """Lines or the address changed before packing; ``event_id`` of `orders.life` says what."""

    order_id: int
    order_number: str
    event_id: int


@dataclass(frozen=True)
class OrderMessageSent(Event):
    """The shop wrote to the customer."""

    order_number: str
    message_id: int


@dataclass(frozen=True)
class OrderShipped(Event):
    order_id: int
    order_number: str
    shipment_id: int


@dataclass(frozen=True)
class OrderDelivered(Event):
    order_id: int
    order_number: str


@dataclass(frozen=True)
class ReturnMoved(Event):
    """A return of an order took a step. ``state``: the one of orders.returns.states it reached."""

    return_id: int
    order_number: str
    state: str


@dataclass(frozen=True)
class ExchangeDue(Event):
    """Goods in exchange cost more than what came back; ``amount`` is asked for. Of that other order."""

    order_number: str
    amount: str


@dataclass(frozen=True)
class ExchangePaid(Event):
    """Money came for an order that follows from another one."""

    order_number: str


@dataclass(frozen=True)
class ComplaintMoved(Event):
    """A receiver complained, or was helped. ``step``: ``made`` or ``closed``."""

    complaint_id: int
    order_number: str
    step: str


@dataclass(frozen=True)
class PaymentCaptured(Event):
    """Money arrived for ``order_number``. ``amount`` in major units of ``currency``.

    ``card``, ``card_country``: as in `payments.gateways.base.ProviderState`.
    """

    order_number: str
    intent_id: int
    amount: str
    currency: str
    card: str = ""
    card_country: str = ""


@dataclass(frozen=True)
class PaymentAuthorised(Event):
    """Money is promised; it is taken as the goods leave, or at the door. ``card``: as in `PaymentCaptured`."""

    order_number: str
    intent_id: int
    card: str = ""
    card_country: str = ""


@dataclass(frozen=True)
class PaymentFailed(Event):
    """An intent ended without money: cancelled, expired or refused for good."""

    order_number: str
    intent_id: int


@dataclass(frozen=True)
class OrderRestAsked(Event):
    """An authorisation ended before all had left: its customer is asked for the rest by a link."""

    order_number: str
    intent_id: int


@dataclass(frozen=True)
class PaymentRefunded(Event):
    """A refund is confirmed by the provider. ``amount`` in major units of ``currency``."""

    order_number: str
    intent_id: int
    refund_id: int
    amount: str
    currency: str


@dataclass(frozen=True)
class RefundAccountAsked(Event):
    """Money goes back that no provider sends: its payer is to name an account. Amount as above."""

    order_number: str
    refund_id: int
    amount: str
    currency: str


@dataclass(frozen=True)
class ParcelMoved(Event):
    """A carrier told something of a parcel, or it is ``late``. ``code``: `orders.carriers.states.EventCode`."""

    order_number: str
    label_id: int
    code: str


@dataclass(frozen=True)
class StockChanged(Event):
    """What shoppers can buy of these stock records changed."""

    stock_record_ids: list[int]


@dataclass(frozen=True)
class WordsChanged(Event):
    """A category, brand or option of many families has another name: search must learn it."""

    family_ids: list[int]


@dataclass(frozen=True)
class StockAlertAsked(Event):
    """Somebody wants to be told by mail when a product is back; nobody checked yet."""

    product_id: int
    email: str
    language: str


@dataclass(frozen=True)
class OrderLinkAsked(Event):
    """Somebody who names a number and an e-mail wants the order's link; nobody checked yet."""

    order_number: str
    email: str
    language: str


@dataclass(frozen=True)
class AccountLinkAsked(Event):
    """Somebody wants an account for this e-mail, a new password or a way in; nobody checked yet.

    ``purpose``: register, reset or signin. ``there``: the path to go on to after signing in.
    """

    email: str
    language: str
    purpose: str
    there: str = ""
