"""The storefront's pages. Reading only: a GET here writes nothing."""

from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView, View

from catalog.cards import cards_make, shelves_make
from catalog.home import RAIL, home_choice
from catalog.models import Category, Product
from catalog.pages import product_page, reviews_shown
from catalog.search.simple import LENGTH_AT_MOST, products_found
from catalog.selectors import (
    SORTS,
    category_trail,
    category_tree,
    departments,
    products_by_id,
    products_chosen,
    products_listed,
    products_similar,
    with_card_facts,
)

KEY_DIGITS = 18  # what surely fits a bigint


def key_of(text: str) -> int:
    """A primary key from an address; 0, which no row has, for what cannot be one."""
    return int(text) if text.isdecimal() and len(text) <= KEY_DIGITS else 0


def redirect_with_query(request: HttpRequest, there: str) -> HttpResponse:
    """To the one address of this page; what was asked for stays asked for."""
    query = request.META["QUERY_STRING"]
    return redirect(f"{there}?{query}" if query else there, permanent=True)


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


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class ProductDetailView(TemplateView):
    """A product with its variants. ``?variant=`` chooses one; htmx swaps gallery and buy box."""

    def get_template_names(self) -> list[str]:
        return ["oscar/catalogue/_swap.html" if self.is_swap() else "oscar/catalogue/detail.html"]

    def is_swap(self) -> bool:
        return self.request.headers.get("HX-Request") == "true"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        product = get_object_or_404(
            with_card_facts(Product.objects.public()).select_related("parent"),
            pk=key_of(kwargs["pk"]),
        )
        if product.is_child:
            if not product.parent.is_public:
                raise Http404
            return redirect(f"{product.parent.get_absolute_url()}?variant={product.pk}")
        there = product.get_absolute_url()
        if request.path != unquote(there):
            return redirect_with_query(request, there)
        self.product = product
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        variant_id = key_of(self.request.GET.get("variant", "")) or None
        page = product_page(self.product, variant_id=variant_id)
        context = super().get_context_data(
            **kwargs, product=self.product, page=page, **reviews_shown(self.product)
        )
        if self.is_swap():
            return context
        category = self.product.categories.filter(is_public=True).order_by("-depth").first()
        trail = category_trail(category.path) if category else []
        similar = products_similar(self.product, path=category.path, limit=RAIL) if category else []
        return context | {"trail": trail, "similar": cards_make(similar)}


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
