"""Where parcels go: zones and pick-up points, one at a time."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from orders.models import Order
from orders.rates.gaps import gaps_of
from orders.rates.locks import rates_lock
from orders.rates.models import PickupPoint, Rate, Zone
from orders.rates.services import rates_follow
from orders.rates.sheet import sheet_read
from shop.core.tables import TableRefused

POINT = "pickup:"  # and the code of a point: how an order says where it waits


@transaction.atomic
def zone_add(*, code: str, name: str, countries: Sequence[str], like: Zone) -> Zone:
    """One zone more, with the rates that ``like`` has, so that nothing is left without a way.

    Raises ``TableRefused`` where another zone has the code or names one of the countries.
    """
    rates_lock()
    if Zone.objects.filter(code=code).exists():
        raise TableRefused([_("There is a zone of this code already.")])
    _refuse_taken(countries, but=None)
    zone = Zone.objects.create(code=code, name=name, countries=list(countries))
    rates = list(like.rates.all())
    for rate in rates:
        rate.pk, rate.zone = None, zone
        rate._state.adding = True
    Rate.objects.bulk_create(rates)
    _refuse_gaps()
    return zone


@transaction.atomic
def zone_change(*, zone: Zone, name: str, countries: Sequence[str]) -> Zone:
    """What it is called and where it holds; its code stays, tables name it.

    Raises ``TableRefused`` where another zone names one of the countries, or where no zone would be
    left for all that no other names.
    """
    rates_lock()
    row = Zone.objects.get(pk=zone.pk)
    _refuse_taken(countries, but=row)
    row.name, row.countries = name, list(countries)
    row.save(update_fields=["name", "countries"])
    _refuse_gaps()
    return row


@transaction.atomic
def zone_remove(*, zone: Zone) -> bool:
    """It goes with its rates; its countries are those of the zone for all others. False: it was gone.

    Raises ``TableRefused`` for that zone itself.
    """
    rates_lock()
    gone, _by_model = Zone.objects.filter(pk=zone.pk).delete()
    _refuse_gaps()
    return bool(gone)


def _refuse_taken(countries: Iterable[str], *, but: Zone | None) -> None:
    others = Zone.objects.exclude(pk=but.pk if but else None)
    if not countries:
        if other := others.filter(countries=[]).first():
            text = _("“%(zone)s” takes all other countries already: name some here.")
            raise TableRefused([text % {"zone": other}])
        return
    named = {code: one for one in others for code in one.countries}
    text = _("“%(country)s” is in the zone “%(zone)s”: take it out there first.")
    if errors := [text % {"country": c, "zone": named[c]} for c in countries if c in named]:
        raise TableRefused(errors)


def _refuse_gaps() -> None:
    """Of the tables as they are written now."""
    if errors := gaps_of(sheet_read()):
        raise TableRefused(errors)
    rates_follow()


def point_save(*, point: PickupPoint, columns: dict[str, Any]) -> PickupPoint:
    """A point, new or changed; ``columns`` by the fields of `PickupPoint`."""
    for name, value in columns.items():
        setattr(point, name, value)
    point.save()
    return point


@transaction.atomic
def point_remove(*, point: PickupPoint) -> bool:
    """False: it was gone already. Raises ``TableRefused`` where an order goes there, or went."""
    gone, _by_model = PickupPoint.objects.filter(pk=point.pk).delete()
    if Order.objects.filter(shipping_code=f"{POINT}{point.code}").exists():
        raise TableRefused([_("Orders name this point, so it stays. Close it instead.")])
    return bool(gone)
