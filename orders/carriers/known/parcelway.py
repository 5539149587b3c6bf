"""Two carriers with one way of talking: JSON over HTTP, messages signed as ``t=…,v1=…``. Here they are the local
simulator's; in production they would be at ``PARCELWAY_API_BASE``."""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import httpx
from django.conf import settings

from orders.carriers.base import Bought, Load, News, Rate, Told, Wanted
from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable, MessageInvalid
from orders.carriers.states import EventCode

TIMEOUT_SECONDS = 8
TRIES = 2
MOST_AGE_SECONDS = 300  # of a message


def client_make() -> httpx.Client:
    """A connection of its own for each call: calls are rare and come from many threads."""
    return httpx.Client(
        base_url=settings.PARCELWAY_API_BASE,
        headers={"Authorization": f"Bearer {settings.PARCELWAY_KEY}"},
        timeout=TIMEOUT_SECONDS,
        trust_env=False,
        verify=_trusted(),
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Whom the internet trusts: read once, it takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)


class Parcelway:
    code, name = "parcelway", "Parcelway"
    services: tuple[str, ...] = ("standard", "freight", "point")
    sells_labels = True
    tracking_page = ""  # what it tells stands on our own page

    @property
    def is_ready(self) -> bool:
        return bool(settings.PARCELWAY_API_BASE and settings.PARCELWAY_KEY)

    def rates(self, load: Load) -> list[Rate]:
        answer = self._ask("POST", "/rates", {**vars(load), "services": list(self.services)})
        try:
            found = [
                Rate(service=str(one["service"]), cost=round(Decimal(one["cost"]), 2))
                for one in answer["rates"]
                if one["service"] in self.services
            ]
        except (KeyError, TypeError, InvalidOperation) as error:
            raise CarrierUnavailable(f"not an answer: {type(error).__name__}") from error
        return sorted(found, key=lambda one: one.cost)

    def buy(self, wanted: Wanted) -> Bought:
        answer = self._ask("POST", "/labels", {**vars(wanted), "carrier": self.code})
        try:
            return Bought(
                tracking_number=str(answer["number"])[:60],
                cost=round(Decimal(answer["cost"]), 2),
                pdf=base64.b64decode(answer["pdf"], validate=True),
            )
        except (KeyError, TypeError, InvalidOperation, binascii.Error) as error:
            raise CarrierUnavailable(f"not an answer: {type(error).__name__}") from error

    def void(self, tracking_number: str) -> None:
        self._ask("POST", f"/parcels/{tracking_number}/void")

    def hand_over(self, tracking_number: str) -> None:
        self._ask("POST", f"/parcels/{tracking_number}/handover")

    def track(self, tracking_number: str) -> list[Told]:
        answer = self._ask("GET", f"/parcels/{tracking_number}")
        try:
            found = [
                Told(
                    event_id=str(one["id"])[:80],
                    code=str(EventCode(one["code"])),
                    happened_at=dt.datetime.fromtimestamp(one["at"], tz=dt.UTC),
                    place=str(one.get("place", ""))[:80],
                )
                for one in answer["events"]
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise CarrierUnavailable(f"not an answer: {type(error).__name__}") from error
        return sorted(found, key=lambda one: one.happened_at)

    def parse_message(self, body: bytes, headers: Mapping[str, str]) -> News:
        moment, sent = _signature(headers.get("Parcel-Signature", ""))
        signed = message_signature(settings.PARCELWAY_SECRET, moment, body)
        if not settings.PARCELWAY_SECRET or not hmac.compare_digest(signed, sent):
            raise MessageInvalid("the signature does not fit")
        if abs(time.time() - moment) > MOST_AGE_SECONDS:
            raise MessageInvalid("too old, or from the future")
        try:
            facts = json.loads(body)
            event_id, number = facts["id"], facts["number"]
        except (ValueError, KeyError, TypeError) as error:
            raise MessageInvalid("signed, but not a message") from error
        for text, most in ((event_id, 80), (number, 60)):
            if not isinstance(text, str) or not 0 < len(text) <= most or "\0" in text:
                raise MessageInvalid("signed, but not a message that can be kept")
        return News(event_id=event_id, tracking_number=number)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Once more if no answer came: every call is carried out once however often it comes."""
        for attempt in range(1, TRIES + 1):
            try:
                with client_make() as client:
                    answer = client.request(method, path, json=body)
            except httpx.HTTPError as error:
                if attempt == TRIES:
                    raise CarrierUnavailable(f"{type(error).__name__}: {error}"[:200]) from error
                continue
            if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
                raise CarrierRefused(answer.text[:200])
            if answer.is_success:
                return _json(answer)
        raise CarrierUnavailable(f"answered {answer.status_code}")


class Swiftline(Parcelway):
    code, name = "swiftline", "Swiftline"
    services = ("express",)


def message_signature(secret: str, moment: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def _signature(header: str) -> tuple[int, str]:
    parts = dict(one.partition("=")[::2] for one in header.split(","))
    moment = parts.get("t", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        raise MessageInvalid("no signature")
    return int(moment), parts.get("v1", "")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        facts = answer.json()
    except ValueError as error:
        raise CarrierUnavailable("not JSON") from error
    if not isinstance(facts, dict):
        raise CarrierUnavailable("not an answer")
    return facts
