"""The steps of the checkout that ask for an address: of a guest, of a member, of the invoice."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from oscar.apps.address.models import UserAddress

from orders.checkout.countries import address_lines, invoice_fields
from orders.checkout.forms import HOME, AddressForm, GuestForm, InvoiceForm
from orders.checkout.views import StepView
from orders.selectors import invoice_address_last
from shop.core.addresses import go

SAVED_AT_MOST = 12


def _are_valid(*forms: GuestForm | AddressForm | None) -> bool:
    """All that were sent; each says what is wrong with it, not only the first."""
    valid = [one.is_valid() for one in forms if one is not None and one.is_bound]
    return all(valid)


class AddressStep(StepView):
    """A step that asks for an address. A change of country asks that country's fields.

    Beside the address of the delivery a box says that the invoice has the same; without it the page asks
    for the other one. ``invoice-asked`` in what is sent says that there was a box.
    """

    def address_known(self) -> AddressForm:
        """With what was written before."""
        known = self.state.data.new_shipping_address_fields() or {}
        return AddressForm(initial=known, country=known.get("country_id") or self._usual_country())

    def invoice_known(self) -> InvoiceForm:
        known = self.state.invoice_fields
        return InvoiceForm(initial=known, country=known.get("country_id") or self._usual_country())

    @property
    def is_invoice_same(self) -> bool:
        """Whether the box is ticked, or was."""
        if "invoice-asked" in self.request.POST:
            return "invoice-same" in self.request.POST
        return not self.state.invoice_fields

    def elsewhere(self) -> AddressForm | None:
        """The fields of another country, if that is what the form was sent for."""
        posted, htmx = self.request.POST, self.request.htmx
        for form in (AddressForm, InvoiceForm):
            name, shown = form.named("country"), form.named("for")
            # Enter in a field presses the first button, "Change": it counts only if there is a change.
            is_asked = htmx.trigger_name == name if htmx else posted.get(shown) != posted.get(name)
            if is_asked and name in posted and (htmx or shown in posted):
                return self.unsent(form)
        # A script that does not say which of them asks for the first.
        return self.unsent(AddressForm) if htmx and "country" in posted else None

    def unsent(self, form: type[AddressForm]) -> AddressForm:
        """A fresh one of its kind with what was typed, right or wrong."""
        start, posted = form.named(""), self.request.POST.dict()
        typed = {
            name.removeprefix(start): one for name, one in posted.items() if name.startswith(start)
        }
        return form(initial=typed, country=typed.get("country", HOME))

    def address_written(self) -> AddressForm:
        return AddressForm(self.request.POST, country=self.request.POST.get("country", HOME))

    def invoice_written(self) -> InvoiceForm:
        country = self.request.POST.get("invoice-country", HOME)
        return InvoiceForm(self.request.POST, country=country)

    def invoice_of_form(self) -> InvoiceForm:
        """As it was sent, looked at only where the box is not ticked; else what is known."""
        if "invoice-country" not in self.request.POST:
            return self.invoice_known()
        return self.unsent(InvoiceForm) if self.is_invoice_same else self.invoice_written()

    def invoice_take(self, invoice: InvoiceForm | None) -> None:
        """Keep what was chosen; where the page asked nothing, all stays."""
        if "invoice-asked" not in self.request.POST:
            return
        if self.is_invoice_same:
            self.state.choose_invoice(None)
        elif invoice is not None and invoice.is_bound:
            self.state.choose_invoice(invoice.columns())

    def saved_rows(self) -> QuerySet[UserAddress]:
        return UserAddress.objects.filter(user=self.state.user)

    def saved_of(self, pk: str) -> UserAddress:
        """A member's own address by what the form says of its key."""
        is_number = pk.isascii() and pk.isdigit() and len(pk) < 18
        address = (
            self.saved_rows().filter(pk=int(pk)).first() if is_number and self.state.user else None
        )
        if address is None:
            raise Http404
        return address

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        if self.request.htmx:
            changed = context.get("changed") or context.get("address") or context["form"]
            return render(self.request, "oscar/checkout/_address_fields.html", {"form": changed})
        return super().show(status=status, is_same=self.is_invoice_same, **context)

    def _usual_country(self) -> str:
        return "CN" if (get_language() or "").startswith("zh") else HOME


class DetailsView(AddressStep):
    """Guests give an e-mail and say where to, or sign in; members go on."""

    name = "checkout:index"
    template_name = "oscar/checkout/details.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.state.user:
            return go(self.state.gap() or "checkout:preview")
        address = self.address_known() if self.state.needs_shipping else None
        return self.show(
            form=GuestForm(initial={"email": self.state.email}),
            address=address,
            invoice=self.invoice_known(),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        has_address = self.state.needs_shipping and "country" in request.POST
        if has_address and (changed := self.elsewhere()):
            return self.show(
                form=GuestForm(initial=request.POST.dict()),
                address=self.unsent(AddressForm),
                invoice=self.unsent(InvoiceForm),
                changed=changed,
            )
        form = GuestForm(request.POST)
        address = self.address_written() if has_address else None
        invoice = self.invoice_of_form() if has_address else None
        if not _are_valid(form, address, invoice):
            return self.show(form=form, address=address, invoice=invoice, status=422)
        self.state.data.set_guest_email(form.cleaned_data["email"])
        if address:
            self.state.choose_address(address.columns())
            self.invoice_take(invoice)
        return self.next_step()


class AddressView(AddressStep):
    """A saved address or a new one."""

    name = "checkout:shipping-address"
    template_name = "oscar/checkout/address.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.state.needs_shipping:
            return go("checkout:preview")
        return self._show(self.address_known(), self.invoice_known())

    def post(self, request: HttpRequest) -> HttpResponse:
        if saved := request.POST.get("saved"):
            self.state.choose_saved_address(self.saved_of(saved))
            return self._go_on()
        if changed := self.elsewhere():
            address, invoice = self.unsent(AddressForm), self.unsent(InvoiceForm)
            return self._show(address, invoice, changed=changed)
        form, invoice = self.address_written(), self.invoice_of_form()
        if not _are_valid(form, invoice):
            return self._show(form, invoice, status=422)
        self.state.choose_address(form.columns())
        return self._go_on(invoice)

    def _go_on(self, invoice: InvoiceForm | None = None) -> HttpResponse:
        """Who wants another address for the invoice and has not written it here is asked for it next."""
        self.invoice_take(invoice)
        is_missing = not self.is_invoice_same and not self.state.invoice_fields
        return go("checkout:invoice-address") if is_missing else self.next_step()

    def _show(
        self, form: AddressForm, invoice: InvoiceForm, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        saved = []
        if self.state.user:
            rows = self.saved_rows().order_by(
                "-is_default_for_shipping", "-num_orders_as_shipping_address", "pk"
            )
            saved = [{"pk": row.pk, "lines": address_lines(row)} for row in rows[:SAVED_AT_MOST]]
        chosen = self.state.saved_address_id or (saved[0]["pk"] if saved else 0)
        is_new = self.request.method == "POST"
        facts = {"form": form, "invoice": invoice, "saved": saved, "chosen": chosen}
        return self.show(is_new=is_new, status=status, **facts, **more)


class InvoiceAddressView(AddressStep):
    """Whom the invoice is for: a saved address, another one, or that of the delivery."""

    name = "checkout:invoice-address"
    template_name = "oscar/checkout/invoice_address.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        known = self.state.invoice_fields
        last = None if known or not self.state.user else invoice_address_last(self.state.user.pk)
        if last is None:
            return self._show(self.invoice_known())
        fields = invoice_fields(last)
        return self._show(InvoiceForm(initial=fields, country=fields["country_id"]), is_new=True)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "same" in request.POST:
            self.state.choose_invoice(None)
            return self.next_step()
        if saved := request.POST.get("saved"):
            self.state.choose_invoice(invoice_fields(self.saved_of(saved)))
            return self.next_step()
        if changed := self.elsewhere():
            return self._show(self.unsent(InvoiceForm), is_new=True, changed=changed)
        form = self.invoice_written()
        if not form.is_valid():
            return self._show(form, is_new=True, status=422)
        self.state.choose_invoice(form.columns())
        return self.next_step()

    def _show(
        self, form: InvoiceForm, *, is_new: bool = False, status: int = 200, **more: Any
    ) -> HttpResponse:
        """``is_new``: another address than the saved ones is being written."""
        saved, chosen, known = [], 0, self.state.invoice_fields
        if self.state.user:
            rows = self.saved_rows().order_by(
                "-is_default_for_billing", "-num_orders_as_billing_address", "pk"
            )
            found = list(rows[:SAVED_AT_MOST])
            saved = [{"pk": row.pk, "lines": address_lines(row)} for row in found]
            chosen = next((one.pk for one in found if invoice_fields(one) == known), 0)
        is_new = is_new or bool(known and not chosen)
        facts = {"form": form, "saved": saved, "chosen": chosen, "is_new": is_new}
        return self.show(status=status, **facts, **more)
