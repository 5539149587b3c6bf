"""Several products with one button: all of them or none."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from catalog.models import Product
from catalog.shortlist.cookies import ids_parse, unique
from orders.basket import services
from orders.basket.exceptions import BasketRefused
from orders.basket.views import is_htmx, next_url

SET_AT_MOST = 6  # products in one set


class SetAddView(View):
    """``take``: families, ``variant``: what is bought of each; a family without one buys nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        takes, variants = self._ids(request, "take"), self._ids(request, "variant")
        if not takes:
            return self.refuse(request, _("Please choose what the set should hold."))
        products = Product.objects.public().select_related("parent__product_class", "product_class")
        found = {
            product.parent_id or product.pk: product
            for product in products.filter(pk__in=variants)
            if not product.is_parent and (product.parent is None or product.parent.is_public)
        }
        chosen = [found[family] for family in takes if family in found]
        if len(chosen) < len(takes):
            return self.refuse(request, _("A part of this set is not for sale any more."))
        try:
            services.lines_add(basket=request.basket, products=chosen)
        except BasketRefused as refusal:
            return self.refuse(request, refusal.message)
        number = len(chosen)
        done = ngettext(
            "%(number)d thing is in your basket.", "%(number)d things are in your basket.", number
        ) % {"number": number}
        if is_htmx(request):
            return render(request, "oscar/basket/_added.html", {"done": done})
        message = render_to_string("oscar/basket/messages/_added.html", {"done": done})
        messages.success(request, message, extra_tags="safe")
        return redirect(next_url(request, reverse("basket:summary")))

    def refuse(self, request: HttpRequest, message: str) -> HttpResponse:
        if is_htmx(request):
            return render(request, "oscar/basket/_added.html", {"refused": message}, status=422)
        messages.error(request, message)
        return redirect(next_url(request, reverse("basket:summary")))

    def _ids(self, request: HttpRequest, name: str) -> list[int]:
        values = request.POST.getlist(name)[:SET_AT_MOST]
        return unique(pk for value in values for pk in ids_parse(value, limit=1))
