"""The inbox of carriers' messages. A message is only a reason to ask."""

import datetime as dt
import logging
from collections.abc import Mapping

from django.utils import timezone

from orders.carriers.models import CarrierMessage, Label
from orders.carriers.registry import carrier_of
from orders.carriers.services.tracking import label_refresh
from shop.core.claiming import row_claim

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 12
CLAIM = dt.timedelta(minutes=1)


def message_receive(*, carrier: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Verify and keep a message. False if it is here already.

    Raises ``MessageInvalid``, and ``KeyError`` for a carrier that does not exist.
    """
    by = carrier_of(carrier)
    if by is None:
        raise KeyError(carrier)
    news = by.parse_message(body, headers)
    _row, is_new = CarrierMessage.objects.get_or_create(
        carrier=carrier,
        event_id=news.event_id,
        defaults={"tracking_number": news.tracking_number},
    )
    return is_new


def messages_process(*, limit: int = 200) -> int:
    """Work off what is due. How many messages were handled."""
    for handled in range(limit):
        message = row_claim(CarrierMessage, done="processed_at", keep=CLAIM)
        if message is None:
            return handled
        _process(message)
    return limit


def message_retry(*, message_id: int) -> bool:
    """Another round of attempts for a message that was given up on, the first of them now.

    False if it is not parked any more.
    """
    rows = CarrierMessage.objects.filter(
        pk=message_id, processed_at__isnull=True, parked_at__isnull=False
    )
    return bool(rows.update(parked_at=None, attempts=0, due_at=timezone.now()))


def _process(message: CarrierMessage) -> None:
    label = Label.objects.filter(
        carrier=message.carrier, tracking_number=message.tracking_number
    ).first()
    try:
        if label is not None:
            label_refresh(label=label)
    except Exception as error:  # whatever it is, the messages behind it are worked off
        message.last_error = f"{type(error).__name__}: {error}"[:300]
        logger.warning("carrier message %s: %s", message.pk, type(error).__name__)
        message.due_at = timezone.now() + dt.timedelta(seconds=min(2**message.attempts, 900))
        message.parked_at = timezone.now() if message.attempts >= MOST_ATTEMPTS else None
    else:
        message.processed_at = timezone.now()
    message.save()
