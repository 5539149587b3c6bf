"""What is left on a gift card, for anybody with its code; and the page of a card, to read and print."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from payments.wallets.codes import code_said
from payments.wallets.exceptions import WalletRefused
from payments.wallets.forms import CodeForm
from payments.wallets.guessing import TooManyCodes, card_asked
from payments.wallets.links import card_id_of
from payments.wallets.models import GiftCard


@method_decorator(never_cache, name="dispatch")
class BalanceView(View):
    """A code is typed and posted; it never stands in an address."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            wallet = card_asked(request, form.cleaned_data["code"])
        except WalletRefused as error:
            form.add_error("code", error.message)
            return self._page(form, status=429 if isinstance(error, TooManyCodes) else 422)
        return self._page(CodeForm(), wallet=wallet)

    def _page(self, form: CodeForm, *, status: int = 200, **context: object) -> HttpResponse:
        context = {"form": form, **context}
        return render(self.request, "wallets/balance.html", context, status=status)


@never_cache
@require_safe
def card_show(request: HttpRequest, token: str) -> HttpResponse:
    try:
        pk = card_id_of(token)
    except (BadSignature, ValueError) as error:
        raise Http404 from error
    card = get_object_or_404(GiftCard.objects.select_related("wallet"), pk=pk)
    wallet = card.wallet
    context = {
        "card": card,
        "wallet": wallet,
        "code": code_said(wallet),
        "until": timezone.localtime(wallet.expires_at),
    }
    return render(request, "wallets/card.html", context)
