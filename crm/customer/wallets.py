"""A member's gift cards, store credit and points."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from catalog.exchange.rates import own_exchange
from orders.models import Order
from payments.wallets.exceptions import WalletRefused
from payments.wallets.forms import CodeForm
from payments.wallets.guessing import TooManyCodes, card_asked
from payments.wallets.models import Wallet, WalletKind
from payments.wallets.selectors import wallets_of
from payments.wallets.services import card_keep
from payments.wallets.templatetags.wallet_tags import stored
from payments.wallets.worth import points_worth
from shop.core.money import ZERO, shown

SHOWN = 20  # movements of each, the newest


class WalletsView(LoginRequiredMixin, View):
    """GET shows; POST puts a gift card into the account."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        code = form.cleaned_data["code"]
        try:
            card_asked(request, code)
            wallet = card_keep(code=code, user=request.user)
        except WalletRefused as error:
            form.add_error("code", error.message)
            return self._page(form, status=429 if isinstance(error, TooManyCodes) else 422)
        amount = stored(wallet.balance, wallet.currency)
        messages.success(request, _("Your gift card is here: %(amount)s.") % {"amount": amount})
        return redirect("customer:wallets")

    def _page(self, form: CodeForm, *, status: int = 200) -> HttpResponse:
        wallets = list(wallets_of(self.request.user.pk))
        mine = _own_orders(self.request.user.pk, wallets)
        points = ZERO
        for wallet in wallets:
            wallet.shown = list(wallet.entries.all())[:SHOWN]
            for entry in wallet.shown:
                if entry.order_number not in mine:
                    entry.order_number = ""  # another's, such as the buyer of a card
            if wallet.kind == WalletKind.POINTS:
                points = wallet.balance
        exchange = own_exchange()
        worth = shown(points_worth(points, exchange), exchange.currency, get_language() or "en")
        context = {"wallets": wallets, "form": form, "worth": worth, "here": "wallets"}
        return render(self.request, "oscar/customer/wallets.html", context, status=status)


def _own_orders(user_id: int, wallets: list[Wallet]) -> set[str]:
    """Of the orders that the movements name: those that the member may open."""
    numbers = {entry.order_number for one in wallets for entry in one.entries.all()}
    rows = Order.objects.filter(user=user_id, number__in=numbers - {""})
    return set(rows.values_list("number", flat=True))
