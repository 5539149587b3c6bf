"""What people say between the shelves and the door."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.fulfilment.models import BatchAction, Outcome
from orders.fulfilment.packing import BOXES, Measure
from supply.models import Warehouse

MOST_UNITS = 10_000
MOST_GRAMS, MOST_MM = 100_000, 3000
CODE = forms.TextInput(
    attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "autofocus": True}
)


def people_of_the_floor():
    """Who may walk a wave."""
    may = Q(groups__permissions__codename="change_wave") | Q(is_superuser=True)
    people = get_user_model().objects.filter(may, is_active=True, is_staff=True)
    return people.distinct().order_by("first_name", "last_name", "pk")


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.get_full_name() or obj.email


class SendingFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Order or SKU")}),
    )
    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"),
        queryset=Warehouse.objects.none(),
        required=False,
        empty_label=_("All"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].queryset = Warehouse.objects.order_by("rank", "name")

    def criteria(self) -> dict[str, Any]:
        """Keywords for `sending_find`; what cannot be read is left out."""
        self.is_valid()
        place = self.cleaned_data.get("warehouse")
        return {
            "text": self.cleaned_data.get("q", ""),
            "warehouse_id": place.pk if place else None,
        }


class WaveForm(forms.Form):
    """``key`` makes a second submit of the same page the same wave."""

    warehouse = forms.ModelChoiceField(label=_("Warehouse"), queryset=Warehouse.objects.none())
    limit = forms.IntegerField(label=_("Orders at most"), min_value=1, max_value=60, initial=12)
    picker = PersonField(
        label=_("Picker"),
        queryset=get_user_model().objects.none(),
        required=False,
        empty_label=_("Whoever begins"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Warehouse.objects.filter(is_sellable=True).order_by("-is_default", "rank", "name")
        self.fields["warehouse"].queryset = places
        self.fields["warehouse"].empty_label = None
        self.fields["picker"].queryset = people_of_the_floor()
        self.fields["key"].initial = uuid.uuid4()


class BatchForm(forms.Form):
    action = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (BatchAction.ROUTE, BatchAction.PACK)]
    )
    key = forms.UUIDField()


class PickForm(forms.Form):
    line = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=MOST_UNITS, widget=forms.HiddenInput)
    bin = forms.IntegerField(min_value=1, max_value=2**62, required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=_("Scan the article"), max_length=120, widget=CODE)
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST_UNITS)


class ShortForm(forms.Form):
    line = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=MOST_UNITS, widget=forms.HiddenInput)
    found = forms.IntegerField(label=_("How many are there?"), min_value=0, max_value=MOST_UNITS)
    words = forms.CharField(label=_("Note"), max_length=200, required=False)


class PlaceForm(forms.Form):
    """Where the packing table stands."""

    warehouse = forms.ModelChoiceField(
        label=_("This table stands in"),
        queryset=Warehouse.objects.none(),
        required=False,
        empty_label=_("any warehouse"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Warehouse.objects.filter(is_sellable=True)
        self.fields["warehouse"].queryset = places.order_by("rank", "name")


class ScanForm(forms.Form):
    code = forms.CharField(
        label=_("Scan an order or a tote"),
        max_length=120,
        widget=CODE,
        help_text=_("The number of the order, or wave and tote, such as 12-3."),
    )


class ItemForm(forms.Form):
    code = forms.CharField(label=_("Scan an article into the box"), max_length=120, widget=CODE)


class CloseForm(forms.Form):
    """Grams and millimetres; a box of the shop brings its size with it."""

    box = forms.ChoiceField(
        label=_("Box"),
        widget=forms.RadioSelect,
        choices=[(one.code, one.name) for one in BOXES],
        initial="m",
    )
    weight_g = forms.IntegerField(label=_("Weight, g"), min_value=1, max_value=MOST_GRAMS)
    length_mm = forms.IntegerField(
        label=_("Length, mm"), min_value=1, max_value=MOST_MM, required=False
    )
    width_mm = forms.IntegerField(
        label=_("Width, mm"), min_value=1, max_value=MOST_MM, required=False
    )
    height_mm = forms.IntegerField(
        label=_("Height, mm"), min_value=1, max_value=MOST_MM, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        sizes = ("length_mm", "width_mm", "height_mm")
        box = next((one for one in BOXES if one.code == data.get("box")), None)
        if box is not None and any(box.size):
            data |= dict(zip(sizes, box.size, strict=True))
            return data
        for name in sizes:
            if name not in self.errors and not data.get(name):
                self.add_error(name, _("A box of another size has to be measured."))
        return data

    def measure(self) -> Measure:
        return Measure(**{name: self.cleaned_data[name] for name in Measure.__annotations__})


class RerouteForm(forms.Form):
    warehouse = forms.ModelChoiceField(label=_("Send it from"), queryset=Warehouse.objects.none())
    words = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, without: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Warehouse.objects.filter(is_sellable=True).exclude(pk=without)
        self.fields["warehouse"].queryset = places.order_by("rank", "name")


class TroubleForm(forms.Form):
    outcome = forms.ChoiceField(choices=Outcome.choices)
    words = forms.CharField(max_length=300, required=False)
