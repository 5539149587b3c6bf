"""Everything that changes a label, a hand-over, a claim, or what is known of a parcel."""

from orders.carriers.services.claims import claim_move, claim_open, claim_proposal
from orders.carriers.services.contracts import agreed_cost, contract_of, cost_rates_import
from orders.carriers.services.labels import (
    label_buy,
    label_hand_over,
    label_void,
    return_label_buy,
    return_label_drop,
)
from orders.carriers.services.manifests import (
    manifest_close,
    manifest_open,
    manifest_scan,
    manifest_take_off,
)
from orders.carriers.services.messages import message_receive, message_retry, messages_process
from orders.carriers.services.offers import parcel_offers
from orders.carriers.services.tracking import label_refresh, parcels_ask, parcels_late

__all__ = [
    "agreed_cost",
    "claim_move",
    "claim_open",
    "claim_proposal",
    "contract_of",
    "cost_rates_import",
    "label_buy",
    "label_hand_over",
    "label_refresh",
    "label_void",
    "manifest_close",
    "manifest_open",
    "manifest_scan",
    "manifest_take_off",
    "message_receive",
    "message_retry",
    "messages_process",
    "parcel_offers",
    "parcels_ask",
    "parcels_late",
    "return_label_buy",
    "return_label_drop",
]
