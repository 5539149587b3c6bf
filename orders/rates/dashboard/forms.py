"""What the team types about delivery."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.models import Country

from orders.carriers.registry import carriers_all, is_service_of
from orders.rates.models import (
    Holiday,
    Method,
    Mover,
    PickupPoint,
    Rate,
    Surcharge,
    WorkingWeek,
    Zone,
)
from orders.rates.rows import (
    LOAD_HEAD,
    POINT_HEAD,
    RATE_HEAD,
    LoadLine,
    PointLine,
    RateLine,
    loads_read,
    points_read,
    rates_read,
)
from shop.core.tables import TableForm, table_field
from supply.models import Warehouse

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
OLDEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)
ALL_OR_NOTHING = _("The first row names the columns. All rows are taken or none.")


def carriers_offered() -> list[tuple[str, Any]]:
    """Those that the shop knows."""
    return [("", _("none in particular")), *((one.code, one.name) for one in carriers_all())]


def services_offered() -> list[tuple[str, Any]]:
    """By carrier, as each calls its own."""
    by_carrier = [
        (one.name, [(code, code) for code in one.services])
        for one in carriers_all()
        if one.services
    ]
    return [("", _("its usual one")), *by_carrier]


class RatesForm(TableForm):
    """The whole table anew."""

    table = table_field(
        example=",".join(RATE_HEAD),
        help_text=_("The whole table: what is not in it is gone. All rows are taken or none."),
    )
    rows: list[RateLine]

    def table_take(self, text: str) -> None:
        self.rows = rates_read(text)


class PointsForm(TableForm):
    table = table_field(example=",".join(POINT_HEAD), help_text=ALL_OR_NOTHING)
    rows: list[PointLine]

    def table_take(self, text: str) -> None:
        self.rows = points_read(text)


class LoadsForm(TableForm):
    table = table_field(example=",".join(LOAD_HEAD), help_text=ALL_OR_NOTHING)
    rows: list[LoadLine]

    def table_take(self, text: str) -> None:
        self.rows = loads_read(text)


class RateForm(forms.ModelForm):
    """What one row asks and promises."""

    carrier = forms.ChoiceField(label=_("Carrier"), required=False, choices=carriers_offered)
    service = forms.ChoiceField(
        label=_("Service of the carrier"), required=False, choices=services_offered
    )

    class Meta:
        model = Rate
        fields = ("charge", "free_from", "days_least", "days_most", "carrier", "service")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("charge", "free_from"):
            self.fields[name].min_value = Decimal(0)
            self.fields[name].widget.attrs["min"] = 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("charge", "free_from"):
            amount = data.get(name)
            if amount is not None and amount < 0:
                self.add_error(name, _("It cannot be below nothing."))
        least, most = data.get("days_least"), data.get("days_most")
        if least is not None and most is not None and not least <= most <= 90:
            self.add_error("days_most", _("It must be at least the fewest, and 90 at most."))
        carrier, service = data.get("carrier", ""), data.get("service", "")
        if service and not is_service_of(carrier, service):
            self.add_error("service", _("This carrier has no such service."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """The bounds of the row are the table's, and so are the constraints on them."""
        return super()._get_validation_exclusions() | {"zone", "method", "group"}


class RateAddForm(RateForm):
    """A row more, with its bounds."""

    class Meta(RateForm.Meta):
        fields = (  # type: ignore[assignment]
            *("zone", "method", "charge", "free_from", "days_least", "days_most", "group"),
            *("weight_from", "weight_to", "volume_to", "value_from", "value_to"),
            *("carrier", "service"),
        )
        labels = {"zone": _("Zone"), "method": _("Way of sending")}
        help_texts = {
            "free_from": _("Empty: never free."),
            "group": _("Empty: for everybody."),
            "weight_to": _("Empty: however heavy."),
            "volume_to": _("Empty: however large."),
            "value_to": _("Empty: whatever it costs."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Groups of customers; those with permissions are the roles of the team.
        self.fields["group"].queryset = Group.objects.filter(permissions=None).order_by("name")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ("value_from", "value_to"):
            amount = data.get(name)
            if amount is not None and amount < 0:
                self.add_error(name, _("It cannot be below nothing."))
        for least, most in (("weight_from", "weight_to"), ("value_from", "value_to")):
            low, high = data.get(least), data.get(most)
            if low is not None and high is not None and high <= low:
                self.add_error(most, _("It must end after it starts."))
        return data

    def validate_constraints(self) -> None:
        """Said above and by the service, in words."""


class MethodChangeForm(forms.ModelForm):
    """Its words; the code stays, since orders and rates name it."""

    class Meta:
        model = Method
        fields = ("name_en", "name_zh", "note_en", "note_zh", "to_point", "position", "is_hidden")
        help_texts = {
            "is_hidden": _("What was ordered with it is still sent with it."),
        }


class MethodForm(forms.ModelForm):
    class Meta:
        model = Method
        fields = ("code", "name_en", "name_zh", "note_en", "note_zh", "to_point", "position")


class ZoneForm(forms.Form):
    """What a zone is called and where it holds."""

    name = forms.CharField(label=_("Name"), max_length=60)
    countries = forms.CharField(
        label=_("Countries"),
        max_length=1000,
        required=False,
        help_text=_("Codes such as DE, one after the other. Empty: all that no other zone names."),
    )

    def __init__(self, *args: Any, zone: Zone | None = None, **kwargs: Any) -> None:
        if zone is not None:
            shown = {"name": zone.name, "countries": " ".join(zone.countries)}
            kwargs.setdefault("initial", shown)
        super().__init__(*args, **kwargs)
        self.known = set(zone.countries) if zone is not None else set()

    def clean_countries(self) -> list[str]:
        """Each once, in the order of the alphabet."""
        text = self.cleaned_data["countries"].upper().replace(",", " ").replace("，", " ")
        codes = sorted(set(text.split()))
        asked = [code for code in codes if code not in self.known]
        there = set(Country.objects.filter(pk__in=asked).values_list("pk", flat=True))
        if strange := [code for code in asked if code not in there]:
            text = _("No country has the code %(codes)s.")
            raise forms.ValidationError(text % {"codes": ", ".join(strange)[:100]})
        return codes

    def refuse(self, errors: list[str]) -> None:
        for error in errors:
            self.add_error("countries", error)


class ZoneAddForm(ZoneForm):
    """A zone more, with the rates of another to begin with."""

    code = forms.SlugField(
        label=_("Code"), max_length=20, help_text=_("Tables name the zone by it; it stays.")
    )
    like = forms.ModelChoiceField(
        label=_("Begins with the rates of"), queryset=Zone.objects.all(), empty_label=None
    )
    field_order = ("code", "name", "countries", "like")

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if Zone.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a zone of this code already."))
        return code


class PointFindForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Name, code, postcode or city")}
        ),
    )


class PointForm(forms.ModelForm):
    """A pick-up point; its code stays, since orders name it."""

    carrier = forms.ChoiceField(label=_("Carrier"), required=False, choices=carriers_offered)

    class Meta:
        model = PickupPoint
        fields = ("name", "carrier", "street", "postcode", "city", "country", "hours", "is_open")
        help_texts = {
            "country": _("Such as DE."),
            "is_open": _("Unticked it is not offered any more; what goes there still goes there."),
        }

    def clean_country(self) -> str:
        code = _country(self.cleaned_data["country"])
        if not Country.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("This is no code of a country."))
        return code


class PointAddForm(PointForm):
    class Meta(PointForm.Meta):
        fields = ("code", *PointForm.Meta.fields)  # type: ignore[assignment]


def movers_offered() -> list[tuple[str, Any]]:
    """Warehouses and carriers by their code, behind the one for all."""
    places = Warehouse.objects.order_by("-is_default", "rank", "name")
    return [
        ("", _("all that have none of their own")),
        (_("Warehouses"), list(places.values_list("code", "name"))),
        (_("Carriers"), [(one.code, one.name) for one in carriers_all()]),
    ]


def mover_refused(data: dict[str, Any]) -> str:
    """Why the code is none of this kind; empty where it is."""
    code, mover = data.get("code", ""), data.get("mover")
    if not code or not mover:
        return ""
    if mover == Mover.CARRIER:
        is_known = any(one.code == code for one in carriers_all())
    else:
        is_known = Warehouse.objects.filter(code=code).exists()
    return "" if is_known else str(_("This is none of that kind."))


class WeekForm(forms.ModelForm):
    """The days of a warehouse or carrier; saving one that is there changes it."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=[(number, name) for number, name in WEEKDAYS.items()],
        coerce=int,
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = WorkingWeek
        fields = ("mover", "code", "days", "cut_off")
        widgets = {"cut_off": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    code = forms.ChoiceField(label=_("Which one"), required=False, choices=movers_offered)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if error := mover_refused(data):
            self.add_error("code", error)
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """Saving one that is there changes it, so that it is no second one."""
        return super()._get_validation_exclusions() | {"mover", "code"}


class HolidayForm(forms.ModelForm):
    code = forms.ChoiceField(
        label=_("Which one"),
        required=False,
        choices=lambda: [("", _("all of them")), *movers_offered()[1:]],
    )

    class Meta:
        model = Holiday
        fields = ("day", "name", "mover", "code", "country")
        widgets = {"day": DAY}
        help_texts = {
            "country": _("Such as DE: only for parcels that go there. Empty: everywhere."),
        }

    def clean_day(self) -> dt.date:
        day = self.cleaned_data["day"]
        if not OLDEST <= day <= LATEST:
            raise forms.ValidationError(_("This day is too far away."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if error := mover_refused(data):
            self.add_error("code", error)
        return data

    def clean_country(self) -> str:
        return _country(self.cleaned_data["country"])


class SurchargeForm(forms.ModelForm):
    class Meta:
        model = Surcharge
        fields = ("kind", "country", "postcodes", "charge", "days_more")
        help_texts = {
            "country": _("Such as DE. Empty: everywhere."),
            "postcodes": _("One after the other, such as 27498 25849. Empty: the whole country."),
        }

    def clean_country(self) -> str:
        return _country(self.cleaned_data["country"])

    def clean_postcodes(self) -> str:
        return " ".join(self.cleaned_data["postcodes"].upper().replace(",", " ").split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("charge") or Decimal(0)) < 0:
            self.add_error("charge", _("It cannot be below nothing."))
        if (data.get("days_more") or 0) > 30:
            self.add_error("days_more", _("30 at most."))
        if data.get("kind") == Surcharge.Kind.REMOTE and not data.get("country"):
            self.add_error("country", _("Say in which country."))
        return data


def _country(text: str) -> str:
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise forms.ValidationError(_("This is no code of a country."))
    return code
