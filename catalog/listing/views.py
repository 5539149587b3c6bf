"""Pages that list products. Reading only.

Every one of them takes the same filters from its address, answers htmx with the parts that change,
and works as plain links and a plain form without scripts.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from catalog.cards import cards_make
from catalog.facts.models import Brand
from catalog.listing import scopes
from catalog.listing.collections import Collection, collection_by_slug
from catalog.listing.filters import PER_PAGE, Filters, is_from_form
from catalog.listing.selectors import Listing, listing_read
from catalog.listing.tiles import brand_tiles, category_tiles, collection_tiles
from catalog.models import Category
from catalog.paths import key_of, redirect_with_query
from catalog.pictures.selectors import with_picture
from catalog.pictures.sources import picture_sources
from catalog.selectors import category_trail, category_tree, departments, products_by_id
from catalog.seo.head import own_of
from catalog.seo.lists import listing_head, tiles_head
from catalog.seo.models import PageKind
from shop.core.pagecache import Kept

MORE, SWAP = "listing/_more.html", "listing/_swap.html"


class ListView(ABC, View):
    """A list under a title, narrowed, sorted and in pages."""

    template_name = "oscar/catalogue/browse.html"
    kind: str = PageKind.LIST
    http_method_names = ["get", "head"]
    kept = Kept(query=("page", "sort", "per"))

    @abstractmethod
    def scope(self) -> scopes.Scope:
        """What the list is of."""

    @abstractmethod
    def words(self) -> dict[str, Any]:
        """``title``, and where there are any ``text``, ``picture``, ``trail``, ``tiles``.

        ``about`` and ``own`` are for search engines, see `catalog.seo`.
        """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        scope = self.scope()
        filters = Filters.parse(request.GET).fitting(order=scope.order, sorts=scope.sorts)
        if is_from_form(request.GET) and not is_partial(request):
            return redirect(request.path + filters.query_string.removesuffix("?"))
        listing = listing_read(scope=scope, filters=filters)
        return listing_answer(
            request,
            listing,
            template=self.template_name,
            words=self.words,
            kind=self.kind,
            context={},
        )


def listing_answer(
    request: HttpRequest,
    listing: Listing,
    *,
    template: str,
    words: Callable[[], dict[str, Any]],
    kind: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The whole page, the parts that a filter changes, or the next cards."""
    is_more = is_partial(request) and "listing-more" in request.headers.get("HX-Target", "")
    partial = MORE if is_more else SWAP
    context = context | {
        "listing": listing,
        "filters": listing.filters,
        "panel": listing.panel,
        "cards": cards_make(products_by_id(listing.ids).values()),
        "path": request.path,
        "oob": is_partial(request),
        "page_sizes": PER_PAGE,
    }
    if not is_partial(request):
        context |= words()
        context["page_head"] = listing_head(context, kind=kind)
    response = render(request, partial if is_partial(request) else template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if is_partial(request):
        there = request.path + listing.filters.query_string.removesuffix("?")
        # A longer list is the same place; another choice is one to come back from.
        response["HX-Replace-Url" if is_more else "HX-Push-Url"] = there
    return response


def is_partial(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


class CatalogueView(ListView):
    """Everything the shop has."""

    def scope(self) -> scopes.Scope:
        return scopes.scope_shop()

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Everything"),
            "about": _("Everything in the shop, with what is left and when it arrives."),
            "chips": departments(),
        }


class ProductCategoryView(ListView):
    """One category and all below it."""

    kind = PageKind.CATEGORY
    category: Category

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.category = get_object_or_404(Category.objects.browsable(), pk=key_of(kwargs["pk"]))
        node = category_tree().get(self.category.path)
        there = node.url if node else self.category.get_absolute_url()
        if request.path != unquote(there):
            return redirect_with_query(request, there)
        return super().get(request, *args, **kwargs)

    def scope(self) -> scopes.Scope:
        return scopes.scope_category(self.category)

    def words(self) -> dict[str, Any]:
        trail = category_trail(self.category.path)
        children = trail[-1].children if trail else []
        return {
            "category": self.category,
            "title": self.category.name,
            "own": own_of(self.category),
            "about": self.category.description,
            "text": self.category.long_description or self.category.description,
            "picture": trail[-1].picture if trail else None,
            "trail": trail[:-1],
            "chips": children,
            "tiles": category_tiles(children),
        }


class BrandView(ListView):
    """One maker and all it makes."""

    kind = PageKind.BRAND
    brand: Brand

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.brand = get_object_or_404(
            with_picture(Brand.objects.all(), "image"), slug=kwargs["slug"]
        )
        return super().get(request, *args, **kwargs)

    def scope(self) -> scopes.Scope:
        return scopes.scope_brand(self.brand.pk)

    def words(self) -> dict[str, Any]:
        return {
            "title": self.brand.name,
            "own": own_of(self.brand),
            "text": self.brand.description,
            "about": self.brand.description,
            "picture": picture_sources(self.brand.image.name or "", self.brand.picture_facts),
            "trail": [{"name": _("Brands"), "url": reverse("catalogue:brand-list")}],
        }


class CollectionView(ListView):
    """What somebody put together."""

    kind = PageKind.COLLECTION
    collection: Collection

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = collection_by_slug(kwargs["slug"])
        if found is None:
            raise Http404
        self.collection = found
        return super().get(request, *args, **kwargs)

    def scope(self) -> scopes.Scope:
        return scopes.scope_collection(self.collection.products(), range_id=self.collection.pk)

    def words(self) -> dict[str, Any]:
        return {
            "title": self.collection.name,
            "own": own_of(self.collection.text),
            "text": self.collection.description,
            "about": self.collection.description,
            "picture": self.collection.picture,
            "trail": [{"name": _("Collections"), "url": reverse("catalogue:collection-list")}],
        }


class NewView(ListView):
    template_name = "listing/new.html"

    def scope(self) -> scopes.Scope:
        return scopes.scope_new()

    def words(self) -> dict[str, Any]:
        text = _("What came in during the last weeks, the latest first.")
        return {"title": _("New"), "text": text, "about": text}


class BestSellersView(ListView):
    def scope(self) -> scopes.Scope:
        return scopes.scope_best()

    def words(self) -> dict[str, Any]:
        text = _("What was bought most in the last four weeks, counted in units.")
        return {"title": _("Best sellers"), "text": text, "about": text}


class OfferView(ListView):
    def scope(self) -> scopes.Scope:
        return scopes.scope_offer()

    def words(self) -> dict[str, Any]:
        text = _("What costs less than usual right now. The price before is the one it really had.")
        return {
            "title": _("On offer"),
            "text": text,
            "about": text,
            "is_timed": True,
            "empty_title": _("Nothing is on offer right now"),
            "empty_text": _("We do not make up discounts. When something costs less, it is here."),
        }


class BrandListView(TemplateView):
    template_name = "listing/brands.html"
    kept = Kept()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tiles = brand_tiles()
        head = tiles_head(
            self.request.path, tiles, name=_("Brands"), about=_("Who makes what we sell.")
        )
        return super().get_context_data(**kwargs, tiles=tiles, page_head=head)


class CollectionListView(TemplateView):
    template_name = "listing/collections.html"
    kept = Kept()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tiles = collection_tiles()
        head = tiles_head(
            self.request.path,
            tiles,
            name=_("Collections"),
            about=_("Things that go well together, put together by hand."),
        )
        return super().get_context_data(**kwargs, tiles=tiles, page_head=head)


class RangeView(View):
    """Oscar's address of a range leads to the collection's."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if collection_by_slug(slug) is None:
            raise Http404  # it may have moved: `catalog.moved` knows
        there = reverse("catalogue:collection", kwargs={"slug": slug})
        return redirect_with_query(request, there)
