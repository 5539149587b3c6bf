"""The storefront's pages. Reading only: a GET here writes nothing."""

from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView, View

from catalog.cards import cards_make, shelves_make
from catalog.home import RAIL, home_choice
from catalog.models import Category, Product
from catalog.paths import key_of, redirect_with_query
from catalog.product_views import ProductDetailView as ProductDetailView  # Oscar looks here
from catalog.search.simple import LENGTH_AT_MOST, products_found
from catalog.selectors import (
    SORTS,
    category_trail,
    category_tree,
    departments,
    products_by_id,
    products_chosen,
    products_listed,
)


def page_of(request: HttpRequest, products: QuerySet[Product]) -> Page:
    """The page that ``?page=`` asks for, or the nearest there is."""
    return Paginator(products, settings.OSCAR_PRODUCTS_PER_PAGE).get_page(request.GET.get("page"))


class HomeView(TemplateView):
    template_name = "catalog/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choice = home_choice()
        products = products_by_id(choice.all())
        cards = dict(zip(products, cards_make(products.values()), strict=True))
        rows = {
            "loved": choice.loved,
            "chosen": choice.chosen,
            "newest": choice.newest,
            "heroes": choice.heroes,
        }
        return super().get_context_data(
            **kwargs,
            **{name: [cards[pk] for pk in ids if pk in cards] for name, ids in rows.items()},
            shelves=shelves_make(),
        )


class ListView(TemplateView):
    """Cards under a title, sorted and in pages."""

    template_name = "oscar/catalogue/browse.html"
    category: Category | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sort = self.request.GET.get("sort", "")
        sort = sort if sort in SORTS else "featured"
        page = page_of(self.request, products_listed(category=self.category, sort=sort))
        return super().get_context_data(
            **kwargs,
            category=self.category,
            page_obj=page,
            cards=cards_make(page.object_list),
            sort=sort,
            sorts=[{"value": value, "name": name} for value, (name, _) in SORTS.items()],
        )


class CatalogueView(ListView):
    """Everything the shop has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, chips=departments())


class ProductCategoryView(ListView):
    """One category and all below it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.category = get_object_or_404(Category.objects.browsable(), pk=key_of(kwargs["pk"]))
        node = category_tree().get(self.category.path)
        there = node.url if node else self.category.get_absolute_url()
        if request.path != unquote(there):
            return redirect_with_query(request, there)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = category_trail(self.category.path)
        return super().get_context_data(
            **kwargs, trail=trail[:-1], chips=trail[-1].children if trail else []
        )


class ProductReviewsView(View):
    """The addresses of reviews lead to where they are shown."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, product_pk: str, **kwargs: Any) -> HttpResponse:
        product = get_object_or_404(Product.objects.public(), pk=key_of(product_pk))
        return redirect(f"{product.get_absolute_url()}#reviews")


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
