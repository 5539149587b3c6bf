"""Telling us that a parcel is late, lost, damaged or short, for whoever may see the order."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.opinions.forms import PlainTextField
from orders.fulfilment.models import Shipment
from orders.returns import services
from orders.returns.complaint_pages import ComplaintPage
from orders.returns.exceptions import ReturnRefused
from orders.returns.fields import photos_field
from orders.returns.selectors import Returnable, complaints_of, returnables_of
from orders.returns.states import WISHES, ComplaintKind, Remedy
from orders.views import OrderView
from shop.core.throttle import Throttle, client_address

COMPLAINTS_PER_ADDRESS = Throttle("complaint-address", limit=20, seconds=3600)
WISH_WORDS = [
    (Remedy.AGAIN, gettext_lazy("Send it again")),
    (Remedy.MONEY, gettext_lazy("My money back")),
    (Remedy.BACK, gettext_lazy("I send it back to you")),
    (Remedy.WORDS, gettext_lazy("Tell me where it is")),
]


class ComplaintForm(forms.Form):
    """What happened, to which things, and what would help. ``key`` makes it count once."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        choices=ComplaintKind.choices,
        widget=forms.RadioSelect,
    )
    parcel = forms.TypedChoiceField(
        label=gettext_lazy("Which parcel?"), coerce=int, required=False, empty_value=None
    )
    wish = forms.ChoiceField(
        label=gettext_lazy("What would help you?"), choices=WISH_WORDS, widget=forms.RadioSelect
    )
    words = PlainTextField(
        label=gettext_lazy("What should we know?"),
        max_length=1000,
        required=False,
        lines=True,
    )

    photos = photos_field()

    def __init__(
        self, *args: Any, lines: list[Returnable], parcels: list[Shipment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.parcels = lines, {one.pk: one for one in parcels}
        self.fields["key"].initial = uuid.uuid4()
        self.fields["words"].widget.attrs["rows"] = 3
        names = [
            (one.pk, f"{place}: {one.tracking_number}") for place, one in enumerate(parcels, 1)
        ]
        self.fields["parcel"].choices = names
        if len(parcels) < 2:
            del self.fields["parcel"]
        for one in lines:
            self.fields[f"units_{one.line.pk}"] = forms.TypedChoiceField(
                label=gettext_lazy("How many"),
                choices=[(count, str(count)) for count in range(min(one.shipped, 99) + 1)],
                coerce=int,
                required=False,
                empty_value=0,
                initial=one.shipped if len(lines) == 1 else 0,
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "title": one.line.product.get_title() if one.line.product else one.line.title,
                "units": self[f"units_{one.line.pk}"],
            }
            for one in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, wish = data.get("kind", ""), data.get("wish", "")
        if kind and wish and wish not in WISHES[kind]:
            able = ", ".join(str(word) for code, word in WISH_WORDS if code in WISHES[kind])
            text = _("That does not go with it. Choose one of these: %(ways)s.")
            self.add_error("wish", text % {"ways": able})
        if kind in (ComplaintKind.DAMAGED, ComplaintKind.MISSING) and not any(
            self.units().values()
        ):
            self.add_error(None, _("Say how many of which things it is about."))
        return data

    def parcel_meant(self) -> Shipment | None:
        chosen = self.cleaned_data.get("parcel")
        only = next(iter(self.parcels.values())) if len(self.parcels) == 1 else None
        return self.parcels.get(chosen or 0) or only

    def units(self) -> dict[int, int]:
        """By order line. A parcel that never came is about all that was in it."""
        data = self.cleaned_data
        parcel = self.parcel_meant()
        if data.get("kind") in (ComplaintKind.LOST, ComplaintKind.LATE) and parcel is not None:
            return {line.order_line_id: line.quantity for line in parcel.lines.all()}
        return {one.line.pk: data.get(f"units_{one.line.pk}") or 0 for one in self.lines}


class ComplainView(OrderView):
    """The form, and under it what was told before and what became of it."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        asked = request.GET.get("kind", "")
        form = self._form(initial={"kind": asked} if asked in ComplaintKind.values else {})
        return self._page(form)

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = self._form(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, status=422)
        if not COMPLAINTS_PER_ADDRESS.allows(client_address(request)):
            form.add_error(None, _("That was a lot of tries. Please wait an hour, or write to us."))
            return self._page(form, status=429)
        data = form.cleaned_data
        try:
            services.complaint_make(
                order=self.order,
                kind=data["kind"],
                wish=data["wish"],
                key=data["key"],
                language=get_language() or "en",
                units=form.units(),
                parcel=form.parcel_meant(),
                words=data["words"],
                photos=data["photos"],
            )
        except ReturnRefused as error:
            form.add_error(None, error.message)
            return self._page(form, status=422)
        messages.success(request, _("We have it, and write to you within one working day."))
        return redirect(self.links.complain)

    def _form(self, *data: Any, **more: Any) -> ComplaintForm:
        lines = returnables_of(self.order)
        rows = Shipment.objects.filter(order=self.order, shipped_at__isnull=False)
        parcels = list(rows.prefetch_related("lines").order_by("pk"))
        return ComplaintForm(*data, lines=lines, parcels=parcels, **more)

    def _page(self, form: ComplaintForm, status: int = 200) -> HttpResponse:
        told = [ComplaintPage(one, self.links) for one in complaints_of(self.order)]
        context = {"page": self.page, "form": form, "told": told}
        return render(self.request, "returns/complaint.html", context, status=status)
