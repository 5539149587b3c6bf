"""Public pages of offers: all that is on offer is a list of the catalogue, one offer another."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from catalog.listing.scopes import Scope, scope_collection
from catalog.listing.views import ListView
from promotions.offer.models import ConditionalOffer


class OfferListView(View):
    """Oscar's address of all offers leads to what is on offer."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("catalogue:on-offer", permanent=True)


class OfferDetailView(ListView):
    """What one running offer is about. Offers behind a code and those of sets have no page."""

    offer: ConditionalOffer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        offers = ConditionalOffer.active.filter(offer_type=ConditionalOffer.SITE)
        self.offer = get_object_or_404(
            offers.select_related("condition__range"), slug=kwargs["slug"]
        )
        if not self.offer.has_products:
            raise Http404
        return super().get(request, *args, **kwargs)

    def scope(self) -> Scope:
        return scope_collection(self.offer.products(), range_id=self.offer.condition.range_id)

    def words(self) -> dict[str, Any]:
        return {
            "title": self.offer.name,
            "text": self.offer.description,
            "about": self.offer.description or self.offer.name,
            "is_timed": True,
            "trail": [{"name": _("On offer"), "url": reverse("catalogue:on-offer")}],
        }
