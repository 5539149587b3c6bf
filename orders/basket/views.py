"""The basket. A GET shows it; every change is a POST to an address of its own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView, View

from catalog.cards import cards_make
from catalog.models import Kind, Product
from catalog.searchlog.log import search_cart_log
from catalog.selectors import products_chosen
from orders.basket import services
from orders.basket.exceptions import BasketRefused
from orders.basket.forms import AddToBasketForm, CouponForm, LineForm
from orders.basket.kind_views import SetAddView
from orders.basket.kinds import sets_in, sets_lost
from orders.basket.selectors import basket_page, product_bought
from orders.keeping.cookies import shelf_of_request
from orders.keeping.selectors import share_facts, shelf_shown
from promotions.offer.applicator import Applicator
from shop.core.redirects import next_path
from shop.core.throttle import Throttle, client_address

IDEAS = 4
MAX_ID = 2**63 - 1
COUPON_TRIES = Throttle("coupon", limit=12, seconds=600)


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def next_url(request: HttpRequest, fallback: str) -> str:
    """Where the form asks to go back to, if that is on this host."""
    return next_path(request, request.POST.get("next", ""), fallback)


def page_context(request: HttpRequest, **extra: Any) -> dict[str, Any]:
    """What both the page and its htmx fragment show."""
    page = basket_page(request=request) if not request.basket.is_empty else None
    ideas = [] if page else cards_make(products_chosen(limit=IDEAS))
    return {
        "page": page,
        "ideas": ideas,
        "aside": shelf_shown(shelf_of_request(request)),
        "share": share_facts(request.basket) if page else None,
        "coupon_form": CouponForm(auto_id="coupon_%s"),
        **extra,
    }


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class BasketView(TemplateView):
    template_name = "oscar/basket/basket.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **page_context(self.request))


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class BasketChange(View):
    """A change of the basket: a fresh basket for htmx, a message and a redirect for plain HTML.

    ``extra`` is what is wrong in a field; then plain HTML gets the page at once, with that in it.
    """

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Whoever loads a page that says what is wrong once more."""
        return redirect("basket:summary")

    def answer(
        self, request: HttpRequest, *, done: str = "", refused: str = "", **extra: Any
    ) -> HttpResponse:
        if not is_htmx(request) and not extra:
            if done or refused:
                messages.add_message(
                    request, messages.ERROR if refused else messages.SUCCESS, refused or done
                )
            return redirect("basket:summary")
        request.basket.reset_offer_applications()
        if not request.basket.is_empty:
            Applicator().apply(request.basket, request.user, request)
        context = page_context(request, done=done, refused=refused, **extra)
        template = "_basket.html" if is_htmx(request) else "basket.html"
        status = 422 if refused or extra else 200
        return render(request, f"oscar/basket/{template}", context, status=status)


class LineView(BasketChange):
    """Another quantity for a line, or, with the button ``remove``, none."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        is_removal = "remove" in request.POST
        form = LineForm({"quantity": 0} if is_removal else request.POST)
        if not form.is_valid():
            return self.wrong(request, pk, form.errors["quantity"][0])
        quantity = form.cleaned_data["quantity"]
        before = sets_in(request.basket)
        try:
            line = services.line_quantity_set(
                basket=request.basket, line_id=min(pk, MAX_ID), quantity=quantity
            )
        except BasketRefused as refusal:
            return self.wrong(request, pk, refusal.message)
        if line is None:
            return self.answer(request, refused=_("This is not in your basket any more."))
        if quantity:
            done = _("The quantity is changed.")
        else:
            name = line.product.get_title()
            done = _("%(name)s is out of your basket.") % {"name": name}
        if before:
            Applicator().apply(request.basket, request.user, request)
            done = " ".join(filter(None, [done, sets_lost(before, request.basket)]))
        return self.answer(request, done=done)

    def wrong(self, request: HttpRequest, pk: int, message: str) -> HttpResponse:
        """Said at the line, if there still is one."""
        if not request.basket.is_empty and request.basket.lines.filter(pk=min(pk, MAX_ID)).exists():
            return self.answer(request, wrong=message, wrong_line=pk)
        return self.answer(request, refused=message)


class BasketAddView(View):
    """Put a product, or its chosen variant, into the basket; the shopper stays where they are."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = AddToBasketForm(request.POST)
        child_id = form.cleaned_data["child_id"] if form.is_valid() else None
        try:
            product, bought = product_bought(family_id=min(pk, MAX_ID), child_id=child_id)
        except Product.DoesNotExist as error:
            raise Http404 from error
        if form.errors:
            return self.refuse(request, product, next(iter(form.errors.values()))[0])
        if bought is None:
            return self.refuse(request, product, _("Please choose a variant."))
        if bought.get_product_class().kind == Kind.SET:
            return SetAddView.as_view()(request, pk=product.pk)
        quantity = form.cleaned_data["quantity"]
        request.basket = request.basket_bare()  # what else is in it need not be priced for this
        try:
            services.line_add(basket=request.basket, product=bought, quantity=quantity)
        except BasketRefused as refusal:
            return self.refuse(request, product, refusal.message)
        search_cart_log(request, product.parent_id or product.pk)
        done = _("%(name)s is in your basket.") % {"name": product.get_title()}
        if is_htmx(request):
            return render(request, "oscar/basket/_added.html", {"done": done})
        message = render_to_string("oscar/basket/messages/_added.html", {"done": done})
        messages.success(request, message, extra_tags="safe")
        return redirect(next_url(request, product.get_absolute_url()))

    def refuse(self, request: HttpRequest, product: Product, message: str) -> HttpResponse:
        if is_htmx(request):
            return render(request, "oscar/basket/_added.html", {"refused": message}, status=422)
        messages.error(request, message)
        return redirect(next_url(request, product.get_absolute_url()))


class CouponAddView(BasketChange):
    """Add a coupon by its code. Guessing is slowed down per address."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CouponForm(request.POST, auto_id="coupon_%s")
        address = client_address(request)
        if COUPON_TRIES.is_full(address):
            form.add_error("code", _("Too many tries. Please wait ten minutes."))
        elif form.is_valid():
            try:
                voucher = services.coupon_add(
                    basket=request.basket, code=form.cleaned_data["code"], user=request.user
                )
            except BasketRefused as refusal:
                COUPON_TRIES.count(address)
                form.add_error("code", refusal.message)
            else:
                done = _("The coupon “%(code)s” is in your basket.") % {"code": voucher.code}
                return self.answer(request, done=done)
        if request.basket.is_empty:
            return self.answer(request, refused=form.errors["code"][0])
        return self.answer(request, coupon_form=form)


class CouponRemoveView(BasketChange):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        voucher = services.coupon_remove(basket=request.basket, voucher_id=min(pk, MAX_ID))
        if voucher is None:
            return self.answer(request, refused=_("This coupon is not in your basket any more."))
        return self.answer(
            request, done=_("The coupon “%(code)s” is taken out.") % {"code": voucher.code}
        )
