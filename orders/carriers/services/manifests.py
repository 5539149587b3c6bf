"""Handing over: parcels are scanned onto a list, the driver signs it, and they have left."""

import secrets
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable
from orders.carriers.locks import label_lock, manifest_lock
from orders.carriers.models import Label, Manifest
from orders.carriers.registry import carrier_name
from orders.carriers.services.labels import label_hand_over
from orders.carriers.states import ParcelState
from orders.exceptions import ImpossibleStep, StepRefused
from orders.life.holds import refuse_held
from orders.services.unpaid import refuse_unpaid
from orders.utils import ALPHABET
from shop.core.locks import retry_on_conflict
from supply.exceptions import StockMismatch
from supply.models import Warehouse


@retry_on_conflict
def manifest_open(*, carrier: str, warehouse: Warehouse | None, user: Any = None) -> Manifest:
    """The list that is open for a carrier in a warehouse; a new one if none is."""
    made, _is_new = Manifest.objects.get_or_create(
        carrier=carrier,
        warehouse=warehouse,
        closed_at=None,
        defaults={"number": _number(), "opened_by": user},
    )
    return made


@retry_on_conflict
def manifest_scan(*, manifest: Manifest, code: str) -> tuple[Label, bool]:
    """Put the parcel with this tracking number, or of this order, onto the list. False: it was there.

    Raises ``StepRefused``, whose message is for who stands at the ramp.
    """
    label = _found(manifest, code)
    label = label_lock(label)
    manifest = manifest_lock(manifest)
    if label.manifest_id == manifest.pk:
        return label, False
    if manifest.closed_at:
        raise StepRefused(_("This list is closed. Open a new one."))
    if label.state != ParcelState.BOUGHT or label.shipment is None:
        raise StepRefused(
            _("%(number)s has left already, or its label was cancelled.") % {"number": code}
        )
    try:
        refuse_held(label.order)
    except ImpossibleStep as error:
        raise StepRefused(
            _("Order %(number)s is on hold: put the parcel aside.") % {"number": label.order.number}
        ) from error
    refuse_unpaid(label.order, label.shipment)
    label.manifest, label.loaded_at = manifest, timezone.now()
    label.save(update_fields=["manifest", "loaded_at"])
    return label, True


@retry_on_conflict
def manifest_take_off(*, label: Label) -> bool:
    """It stays here after all. False if it is on no list; ``StepRefused`` once it has left."""
    label = label_lock(label)
    if label.manifest_id is None:
        return False
    if label.handed_at:
        raise StepRefused(_("It is with the carrier already."))
    label.manifest, label.loaded_at = None, None
    label.save(update_fields=["manifest", "loaded_at"])
    return True


def manifest_close(*, manifest: Manifest, user: Any = None) -> list[str]:
    """The driver takes everything on it. Which order numbers had to stay, and are off the list.

    Twice is once: a second call hands over what the first did not come to. Raises ``StepRefused``
    for an empty list.
    """
    _close(manifest, user)
    left = []
    waiting = manifest.labels.filter(state=ParcelState.BOUGHT).select_related("order", "shipment")
    for label in waiting.order_by("pk"):
        try:
            label_hand_over(label=label, user=user)
        except (ImpossibleStep, StockMismatch):
            manifest_take_off(label=label)
            left.append(label.order.number)
        except (CarrierUnavailable, CarrierRefused):
            continue  # it has left; the carrier is told when it is asked next
    return left


@retry_on_conflict
def _close(manifest: Manifest, user: Any) -> None:
    manifest = manifest_lock(manifest)
    if manifest.closed_at:
        return
    if not manifest.labels.exists():
        raise StepRefused(_("Nothing was scanned yet."))
    manifest.closed_at, manifest.closed_by = timezone.now(), user
    manifest.save(update_fields=["closed_at", "closed_by"])


def _found(manifest: Manifest, code: str) -> Label:
    code = code.strip().upper()[:60]
    rows = Label.objects.filter(is_return=False).exclude(state=ParcelState.VOID)
    rows = rows.filter(Q(tracking_number__iexact=code) | Q(order__number=code))
    mine = list(rows.filter(carrier=manifest.carrier).select_related("shipment")[:20])
    label = next((one for one in mine if one.manifest_id is None), next(iter(mine), None))
    if label is not None:
        is_here = (
            label.shipment is not None and label.shipment.warehouse_id == manifest.warehouse_id
        )
        if not is_here and label.manifest_id != manifest.pk:
            raise StepRefused(_("%(number)s stands in another warehouse.") % {"number": code})
        return label
    other = rows.first()
    if other is not None:
        raise StepRefused(
            _("%(number)s goes with %(carrier)s, not with %(mine)s.")
            % {
                "number": code,
                "carrier": carrier_name(other.carrier),
                "mine": carrier_name(manifest.carrier),
            }
        )
    raise StepRefused(_("No parcel has the number %(number)s.") % {"number": code})


def _number() -> str:
    day = timezone.localdate()
    return f"M{day:%y%m%d}-{''.join(secrets.choice(ALPHABET) for _place in range(4))}"
