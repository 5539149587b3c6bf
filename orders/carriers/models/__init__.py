"""Labels and what was told of them, hand-overs, and what was agreed with carriers."""

from orders.carriers.models.claims import Claim
from orders.carriers.models.contracts import Contract, CostRate
from orders.carriers.models.manifests import Manifest
from orders.carriers.models.parcels import CarrierMessage, Label, TrackEvent

__all__ = [
    "CarrierMessage",
    "Claim",
    "Contract",
    "CostRate",
    "Label",
    "Manifest",
    "TrackEvent",
]
