"""The storefront's pages. Reading only: a GET here writes nothing."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.views.generic import TemplateView

from catalog.cards import cards_make
from catalog.home import RAIL, home_page
from catalog.listing.views import CatalogueView as CatalogueView  # Oscar looks here
from catalog.listing.views import ProductCategoryView as ProductCategoryView
from catalog.models import Product
from catalog.product_views import ProductDetailView as ProductDetailView  # Oscar looks here
from catalog.search.simple import LENGTH_AT_MOST, products_found
from catalog.selectors import products_chosen


def page_of(request: HttpRequest, products: QuerySet[Product]) -> Page:
    """The page that ``?page=`` asks for, or the nearest there is."""
    return Paginator(products, settings.OSCAR_PRODUCTS_PER_PAGE).get_page(request.GET.get("page"))


class HomeView(TemplateView):
    template_name = "catalog/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **home_page(self.request))


class SearchView(TemplateView):
    """Simple search: all words must occur in a product's texts, in either language."""

    template_name = "oscar/search/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = " ".join(self.request.GET.get("q", "")[:LENGTH_AT_MOST].split())
        page = page_of(self.request, products_found(query))
        ideas = [] if page.object_list else products_chosen(limit=RAIL)
        return super().get_context_data(
            **kwargs,
            query=query,
            page_obj=page,
            cards=cards_make(page.object_list),
            ideas=cards_make(ideas),
        )
