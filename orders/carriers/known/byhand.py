"""Carriers whose labels are bought elsewhere: an operator types the number, and says when it came."""

from collections.abc import Mapping

from orders.carriers.base import Bought, Load, News, Rate, Told, Wanted
from orders.carriers.exceptions import CarrierRefused, MessageInvalid


class _ByHand:
    services: tuple[str, ...] = ()
    sells_labels = False
    is_ready = True
    name: str
    tracking_page: str

    def rates(self, load: Load) -> list[Rate]:
        raise CarrierRefused(f"{self.name}: its prices are known elsewhere")

    def buy(self, wanted: Wanted) -> Bought:
        raise CarrierRefused(f"{self.name}: labels are bought elsewhere")

    def void(self, tracking_number: str) -> None:
        raise CarrierRefused(f"{self.name}: labels are cancelled elsewhere")

    def hand_over(self, tracking_number: str) -> None:
        """Nobody has to be told."""

    def track(self, tracking_number: str) -> list[Told]:
        raise CarrierRefused(f"{self.name} cannot be asked")

    def parse_message(self, body: bytes, headers: Mapping[str, str]) -> News:
        raise MessageInvalid(f"{self.name} sends no messages")


class Dhl(_ByHand):
    code, name = "dhl", "DHL"
    tracking_page = "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}&submit=1"


class Dpd(_ByHand):
    code, name = "dpd", "DPD"
    tracking_page = "https://tracking.dpd.de/status/en_US/parcel/{number}"


class Ups(_ByHand):
    code, name = "ups", "UPS"
    tracking_page = "https://www.ups.com/track?tracknum={number}"
