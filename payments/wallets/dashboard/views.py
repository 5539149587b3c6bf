"""Gift cards, store credit and points: who has what, each movement, and what a clerk may do about it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from payments.wallets import services
from payments.wallets.exceptions import WalletRefused
from payments.wallets.forms import (
    BlockForm,
    CreditForm,
    ResendForm,
    TakeBackForm,
    WalletFilterForm,
)
from payments.wallets.models import (
    EntryReason,
    GiftCard,
    Wallet,
    WalletEntry,
    WalletKind,
    WalletState,
)
from payments.wallets.selectors import gifts_left
from payments.wallets.templatetags.wallet_tags import stored
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
VIEWS = {
    "all": (gettext_lazy("All"), Q()),
    "cards": (gettext_lazy("Gift cards"), Q(kind=WalletKind.GIFT_CARD)),
    "waiting": (
        gettext_lazy("To be mailed"),
        Q(card__sent_at__isnull=True, card__voided_at__isnull=True, card__isnull=False),
    ),
    "credit": (gettext_lazy("Store credit"), Q(kind=WalletKind.CREDIT)),
    "points": (gettext_lazy("Points"), Q(kind=WalletKind.POINTS)),
    "blocked": (gettext_lazy("Blocked"), Q(state=WalletState.BLOCKED)),
}


def wallet_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "all"
    form = WalletFilterForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    rows = Wallet.objects.select_related("owner", "card__order_line__order").filter(VIEWS[view][1])
    if text:
        rows = rows.filter(
            Q(owner__email__icontains=text)
            | Q(card__recipient_email__icontains=text)
            | Q(card__recipient_name__icontains=text)
            | Q(code_tail__iexact=text)
            | Q(pk__in=_wallets_of_order(text))
        )
    link = reverse("dashboard:wallet-list")
    context = {
        "form": form,
        "keep": {"view": view},
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": [
            {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
            for code, (name, _rows) in VIEWS.items()
        ],
        "may_give": may(request.user, "wallet-give", "POST"),
    }
    return render(request, "wallets/office/wallet_list.html", context)


def wallet_detail(request: HttpRequest, pk: int, *, status: int = 200, **bound) -> HttpResponse:
    wallet = _wallet_or_404(pk)
    card = getattr(wallet, "card", None)
    may_change = may(request.user, "wallet-block", "POST")
    entries = list(wallet.entries.select_related("by").order_by("-at", "-pk"))
    if may(request.user, "wallet-take-back", "POST"):
        left = gifts_left(wallet)
        for entry in entries:
            entry.left = left.get(entry.pk)
    context = {
        "wallet": wallet,
        "card": card,
        "entries": entries,
        "may_change": may_change,
        "may_see_orders": may(request.user, "order-detail"),
        "block_form": BlockForm(auto_id="block_%s"),
        "resend_form": ResendForm(
            initial={"email": card.recipient_email} if card else None, auto_id="resend_%s"
        ),
        **bound,
    }
    return render(request, "wallets/office/wallet_detail.html", context, status=status)


class CreditView(View):
    """Give a member store credit, up to what the clerk's role allows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        email = request.GET.get("email", "")[:254]
        return self._page(self._form(initial={"email": email} if email else None))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        said = form.cleaned_data
        try:
            entry = services.credit_give(
                owner_id=form.member.pk,
                amount=said["amount"],
                currency=said["currency"],
                key=f"given:{said['key']}",
                note=said["note"],
                order_number=said["order_number"],
                by=request.user,
                is_limited=True,
            )
        except WalletRefused as refused:
            form.add_error("amount", str(refused))
            return self._page(form, status=422)
        facts = {"amount": stored(entry.amount, entry.wallet.currency), "email": form.member.email}
        messages.success(request, _("%(email)s has %(amount)s more to spend.") % facts)
        return redirect("dashboard:wallet-detail", pk=entry.wallet_id)

    def _form(self, *args, **kwargs) -> CreditForm:
        return CreditForm(*args, **kwargs)

    def _page(self, form: CreditForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "wallets/office/credit.html", {"form": form}, status=status)


class TakeBackView(View):
    """Take back what is left of store credit that a clerk gave."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        gift = self._gift(pk)
        return self._page(gift, self._form(gift))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        gift = self._gift(pk)
        form = self._form(gift, request.POST)
        if not form.is_valid():
            return self._page(gift, form, status=422)
        said = form.cleaned_data
        try:
            entry = services.credit_take_back(
                entry_id=gift.pk,
                amount=said["amount"],
                key=f"withdrawn:{said['key']}",
                note=said["note"],
                by=request.user,
            )
        except WalletRefused as refused:
            form.add_error("amount", str(refused))
            return self._page(self._gift(pk), form, status=422)
        amount = stored(-entry.amount, gift.wallet.currency)
        messages.success(request, _("Taken back: %(amount)s.") % {"amount": amount})
        return redirect("dashboard:wallet-detail", pk=gift.wallet_id)

    def _gift(self, pk: int) -> WalletEntry:
        rows = WalletEntry.objects.select_related("wallet__owner", "by")
        return get_object_or_404(rows, pk=min(pk, MAX_ID), reason=EntryReason.GIVEN)

    def _form(self, gift: WalletEntry, data: QueryDict | None = None) -> TakeBackForm:
        left, currency = gifts_left(gift.wallet)[gift.pk], gift.wallet.currency
        said = stored(left, currency)
        return TakeBackForm(data, initial={"amount": left}, currency=currency, left=said)

    def _page(self, gift: WalletEntry, form: TakeBackForm, *, status: int = 200) -> HttpResponse:
        context = {"gift": gift, "left": form.initial["amount"], "form": form}
        return render(self.request, "wallets/office/take_back.html", context, status=status)


def wallet_block(request: HttpRequest, pk: int) -> HttpResponse:
    form = BlockForm(request.POST, auto_id="block_%s")
    if not form.is_valid():
        return wallet_detail(request, pk, status=422, block_form=form)
    wallet = _wallet_or_404(pk)
    if services.wallet_block(wallet_id=wallet.pk, because=form.cleaned_data["because"]):
        messages.success(request, _("Blocked: nobody can pay with it."))
    else:
        messages.error(request, _("It is blocked or ended already."))
    return redirect("dashboard:wallet-detail", pk=wallet.pk)


def wallet_unblock(request: HttpRequest, pk: int) -> HttpResponse:
    wallet = _wallet_or_404(pk)
    if services.wallet_unblock(wallet_id=wallet.pk):
        messages.success(request, _("It can be used again."))
    else:
        messages.error(request, _("It is not blocked."))
    return redirect("dashboard:wallet-detail", pk=wallet.pk)


def wallet_resend(request: HttpRequest, pk: int) -> HttpResponse:
    form = ResendForm(request.POST, auto_id="resend_%s")
    if not form.is_valid():
        return wallet_detail(request, pk, status=422, resend_form=form)
    card = _card_or_404(pk)
    if services.card_resend(card_id=card.pk, email=form.cleaned_data["email"]):
        text = _("The gift card is on its way to %(email)s.")
        messages.success(request, text % {"email": form.cleaned_data["email"]})
    else:
        messages.error(request, _("It is blocked or ended, or was mailed too often."))
    return redirect("dashboard:wallet-detail", pk=card.wallet_id)


def wallet_void(request: HttpRequest, pk: int) -> HttpResponse:
    card = _card_or_404(pk)
    if services.cards_void(card_id=card.pk):
        messages.success(
            request, _("The code does not work any more. Send the money back on its order.")
        )
    else:
        messages.error(request, _("It ended already."))
    return redirect("dashboard:wallet-detail", pk=card.wallet_id)


def _wallets_of_order(text: str):
    return Wallet.objects.filter(entries__order_number__iexact=text).values("pk")


def _wallet_or_404(pk: int) -> Wallet:
    rows = Wallet.objects.select_related("owner", "card__order_line__order")
    return get_object_or_404(rows, pk=min(pk, MAX_ID))


def _card_or_404(pk: int) -> GiftCard:
    return get_object_or_404(GiftCard, wallet=min(pk, MAX_ID))
