"""The address book."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST
from oscar.apps.address.models import UserAddress

from orders.checkout.countries import address_fields, address_lines
from orders.checkout.forms import HOME, AddressForm


class ListView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = UserAddress.objects.filter(user=request.user)
        rows = rows.order_by("-is_default_for_shipping", "-num_orders_as_shipping_address", "pk")
        addresses = [{"row": row, "lines": address_lines(row)} for row in rows]
        context = {"addresses": addresses, "here": "addresses"}
        return render(request, "oscar/customer/addresses.html", context)


class EditView(LoginRequiredMixin, View):
    """A new address, or another person's nothing: what is not theirs answers 404."""

    def dispatch(self, request: HttpRequest, *args, pk: int | None = None, **kwargs):
        self.row = None
        if pk is not None and request.user.is_authenticated:
            self.row = get_object_or_404(UserAddress, user=request.user, pk=pk)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        known = address_fields(self.row) if self.row else {}
        return self._show(AddressForm(initial=known, country=known.get("country_id", HOME)))

    def post(self, request: HttpRequest) -> HttpResponse:
        country = request.POST.get("country", HOME)
        if request.htmx or request.POST.get("for", country) != country:
            form = AddressForm(initial=request.POST.dict(), country=country)
            if request.htmx:
                return render(request, "oscar/checkout/_address_fields.html", {"form": form})
            return self._show(form)
        form = AddressForm(request.POST, country=country)
        if not form.is_valid():
            return self._show(form, status=422)
        if not self._save(form):
            form.add_error(None, _("This address is in your book already."))
            return self._show(form, status=422)
        messages.success(request, _("Saved."))
        return redirect("customer:address-list")

    def _save(self, form: AddressForm) -> bool:
        row = self.row or UserAddress(user=self.request.user)
        for column, value in form.columns().items():
            setattr(row, column, value)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            return False
        return True

    def _show(self, form: AddressForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "row": self.row, "here": "addresses"}
        return render(self.request, "oscar/customer/address.html", context, status=status)


class DeleteView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(UserAddress, user=request.user, pk=pk)
        context = {"lines": address_lines(row), "here": "addresses"}
        return render(request, "oscar/customer/address_delete.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(UserAddress, user=request.user, pk=pk).delete()
        messages.success(request, _("The address is gone."))
        return redirect("customer:address-list")


@require_POST
@login_required
def default_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Ship here unless another one is chosen."""
    row = get_object_or_404(UserAddress, user=request.user, pk=pk)
    row.is_default_for_shipping = True
    row.save()
    return redirect("customer:address-list")
