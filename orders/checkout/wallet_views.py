"""Choosing gift cards, credit and points at the last page of the checkout."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from orders.checkout.views import PlaceView
from payments.wallets.exceptions import WalletRefused
from payments.wallets.forms import CodeForm
from payments.wallets.guessing import TooManyCodes, card_asked
from payments.wallets.selectors import wallets_usable
from shop.core.addresses import go


class WalletView(PlaceView):
    """Pay with a gift card, credit or points, or not; then everything is shown once more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        for name, change in (("use", self.state.use_wallet), ("drop", self.state.drop_wallet)):
            value = request.POST.get(name, "")
            if value.isascii() and value.isdigit() and len(value) < 18:
                self._change(change, int(value))
                return go("checkout:preview")
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._show(code_form=form, status=422)
        try:
            wallet = card_asked(request, form.cleaned_data["code"])
            if not wallet.is_usable:
                raise WalletRefused(_("There is nothing left on this gift card to pay with."))
        except WalletRefused as error:
            form.add_error("code", error.message)
            status = 429 if isinstance(error, TooManyCodes) else 422
            return self._show(code_form=form, status=status)
        self.state.use_wallet(wallet.pk)
        messages.success(request, _("The gift card pays a part of your order."))
        return go("checkout:preview")

    def _change(self, change: Callable[[int], None], wallet_id: int) -> None:
        """A number from a form opens only what is the shopper's own; codes open the others."""
        known = {*self.state.wallet_ids}
        if self.state.user:
            known |= {one.pk for one in wallets_usable(user_id=self.state.user.pk)}
        if wallet_id in known:
            change(wallet_id)
