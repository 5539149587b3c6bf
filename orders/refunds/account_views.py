"""Where the shopper says to which account money goes that no provider sends back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from orders.views import OrderView
from payments.bank.exceptions import BankRefused
from payments.bank.forms import AccountForm
from payments.bank.payouts import account_tell
from shop.core.throttle import Throttle, client_address

PER_ADDRESS = Throttle("refund-account-address", limit=30, seconds=3600)
PER_ORDER = Throttle("refund-account-number", limit=10, seconds=3600)


@method_decorator(never_cache, name="dispatch")
class AccountView(OrderView):
    """GET asks, POST keeps it. What was named is never shown again, only its end."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._form(AccountForm())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = AccountForm(request.POST)
        if not form.is_valid():
            return self._form(form, 422)
        is_calm = PER_ADDRESS.allows(client_address(request))
        if not (is_calm and PER_ORDER.allows(self.order.number)):
            form.add_error(None, _("That was tried very often. Please wait an hour."))
            return self._form(form, 429)
        try:
            account_tell(order_number=self.order.number, **form.cleaned_data)
        except BankRefused as error:
            messages.info(request, error.message)
        else:
            messages.success(request, _("Thank you. We write to you as soon as it is sent."))
        return redirect(self.links.page)

    def _form(self, form: AccountForm, status: int = 200) -> HttpResponse:
        if not self.page.can_name_account:
            messages.info(
                self.request,
                _("This money is on its way already, or nothing is open any more."),
            )
            return redirect(self.links.page)
        context = {"page": self.page, "form": form}
        return render(self.request, "orders/refund_account.html", context, status=status)
