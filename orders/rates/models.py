"""What sending costs, by zone, weight, volume, value and group, and on which days goods move.

Small tables that the back office edits; selling reads them all at once, see `orders.rates.sheet`.
"""

import datetime as dt
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

MONEY = {"max_digits": 12, "decimal_places": 2}
MOST = Decimal(10) ** 10  # NaN is above every number in PostgreSQL, so this keeps it out


def working_days() -> list[int]:
    """Monday, which is 0, to Friday."""
    return [0, 1, 2, 3, 4]


class Zone(models.Model):
    """Countries that cost the same. The one that names none takes all that no other names."""

    code = models.SlugField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    countries = ArrayField(models.CharField(max_length=2), blank=True, default=list)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(countries=[]), name="zone_one_for_all_others"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Method(models.Model):
    """A way of sending, in words. `standard` and `express` have theirs in the program."""

    code = models.SlugField(_("Code"), max_length=20, unique=True)
    name_en = models.CharField(_("Name, in English"), max_length=60)
    name_zh = models.CharField(_("Name, in Chinese"), max_length=60)
    note_en = models.CharField(_("What it is, in English"), max_length=120, blank=True)
    note_zh = models.CharField(_("What it is, in Chinese"), max_length=120, blank=True)
    to_point = models.BooleanField(_("To a pick-up point"), default=False)
    position = models.PositiveSmallIntegerField(_("Place in the list"), default=0)
    is_hidden = models.BooleanField(_("Not offered any more"), default=False)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Rate(models.Model):
    """One row of the rate table. ``charge`` is in the shop's own currency, tax included.

    Weights in grams, volumes in litres, values as the basket shows them; a bound that is empty is none.
    ``weight_from`` and ``value_from`` belong to the row, ``weight_to``, ``volume_to`` and ``value_to`` too.
    """

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="rates")
    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="rates")
    group = models.ForeignKey(
        "auth.Group",
        on_delete=models.PROTECT,  # a rate that loses its group would be everybody's
        null=True,
        blank=True,
        related_name="shipping_rates",
        verbose_name=_("Only for the group"),
    )
    charge = models.DecimalField(_("Charge"), **MONEY)
    free_from = models.DecimalField(_("Free from"), **MONEY, null=True, blank=True)
    weight_from = models.PositiveIntegerField(_("Weight from, g"), default=0)
    weight_to = models.PositiveIntegerField(_("Weight to, g"), null=True, blank=True)
    volume_to = models.PositiveIntegerField(_("Volume to, l"), null=True, blank=True)
    value_from = models.DecimalField(_("Value from"), **MONEY, default=Decimal(0))
    value_to = models.DecimalField(_("Value to"), **MONEY, null=True, blank=True)
    days_least = models.PositiveSmallIntegerField(_("Working days, fewest"))
    days_most = models.PositiveSmallIntegerField(_("Working days, most"))
    carrier = models.SlugField(_("Carrier"), max_length=40, blank=True)
    service = models.SlugField(_("Service of the carrier"), max_length=40, blank=True)

    class Meta:
        ordering = ("zone", "method__position", "method", "weight_from", "value_from", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "method", "group", "weight_from", "value_from"],
                nulls_distinct=False,
                name="rate_once_per_bounds",
            ),
            models.CheckConstraint(
                condition=Q(charge__gte=0, charge__lt=MOST)
                & (Q(free_from=None) | Q(free_from__gte=0, free_from__lt=MOST)),
                name="rate_charge_not_negative",
            ),
            models.CheckConstraint(
                condition=(Q(weight_to=None) | Q(weight_to__gt=F("weight_from")))
                & (Q(value_to=None) | Q(value_to__gt=F("value_from"), value_to__lt=MOST))
                & Q(value_from__gte=0, value_from__lt=MOST),
                name="rate_bounds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(days_most__gte=F("days_least"), days_most__lte=90),
                name="rate_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.method_id} {self.charge}"


class Surcharge(models.Model):
    """What is asked on top: for bulky goods, or for places that are hard to reach.

    ``postcodes``: beginnings, one after the other, such as ``27498 25849``; empty: the whole country.
    """

    class Kind(models.TextChoices):
        BULKY = "bulky", _("Bulky goods")
        REMOTE = "remote", _("Islands and remote places")

    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    country = models.CharField(pgettext_lazy("place", "Country"), max_length=2, blank=True)
    postcodes = models.CharField(_("Postcodes that begin with"), max_length=500, blank=True)
    charge = models.DecimalField(_("Charge"), **MONEY)
    days_more = models.PositiveSmallIntegerField(_("Working days more"), default=0)

    class Meta:
        ordering = ("kind", "country", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(charge__gte=0, charge__lt=MOST, days_more__lte=30),
                name="surcharge_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind="bulky") | ~Q(country=""), name="surcharge_remote_has_country"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.country} {self.charge}"


class Mover(models.TextChoices):
    """Who has working days."""

    WAREHOUSE = "warehouse", _("Warehouse")
    CARRIER = "carrier", _("Carrier")


class WorkingWeek(models.Model):
    """On which days one moves goods, Monday is 0. A warehouse sends the same day until ``cut_off``.

    ``code``: of the warehouse or carrier; empty for all that have no week of their own.
    """

    mover = models.CharField(_("Whose"), max_length=10, choices=Mover.choices)
    code = models.SlugField(_("Code"), max_length=40, blank=True)
    days = ArrayField(models.PositiveSmallIntegerField(), default=working_days)
    cut_off = models.TimeField(_("Sends the same day until"), default=dt.time(14))

    class Meta:
        ordering = ("mover", "code")
        constraints = [
            models.UniqueConstraint(fields=["mover", "code"], name="working_week_once"),
            models.CheckConstraint(
                condition=Q(days__len__gte=1) & Q(days__contained_by=[0, 1, 2, 3, 4, 5, 6]),
                name="working_week_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mover} {self.code}"


class Holiday(models.Model):
    """A day on which nothing moves, at one or at all. ``country``: for parcels that go there."""

    mover = models.CharField(_("Whose"), max_length=10, choices=Mover.choices)
    code = models.SlugField(_("Code"), max_length=40, blank=True)
    country = models.CharField(pgettext_lazy("place", "Country"), max_length=2, blank=True)
    day = models.DateField(_("Day"))
    name = models.CharField(_("Name"), max_length=60)

    class Meta:
        ordering = ("day", "mover", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["mover", "code", "country", "day"], name="holiday_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class PickupPoint(models.Model):
    """Where a parcel waits for its receiver. One that an order names is closed, never deleted."""

    code = models.SlugField(_("Code"), max_length=20, unique=True)
    carrier = models.SlugField(_("Carrier"), max_length=40, blank=True)
    name = models.CharField(_("Name"), max_length=60)
    street = models.CharField(_("Street and number"), max_length=120)
    postcode = models.CharField(_("Postcode"), max_length=12)
    city = models.CharField(_("City"), max_length=60)
    country = models.CharField(pgettext_lazy("place", "Country"), max_length=2)
    hours = models.CharField(_("Opening hours"), max_length=120, blank=True)
    is_open = models.BooleanField(_("Takes parcels"), default=True)

    class Meta:
        ordering = ("country", "postcode", "code")

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class ProductLoad(models.Model):
    """What a product weighs and takes up, packed: grams and millilitres. A variant without one is as
    its parent; what nobody weighed counts as `orders.rates.sheet.USUAL_GRAMS`."""

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, related_name="load", primary_key=True
    )
    grams = models.PositiveIntegerField()
    millilitres = models.PositiveIntegerField(default=0)
    is_bulky = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grams__gte=1), name="load_of_some_weight"),
        ]
