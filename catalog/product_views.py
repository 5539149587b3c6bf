"""The product page and what belongs to it. Reading only: a GET here writes nothing."""

import io
from typing import Any
from urllib.parse import unquote

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView

from catalog.cards import cards_make
from catalog.delivery import COUNTRY_COOKIE, country_chosen
from catalog.delivery_views import delivery_url
from catalog.home import RAIL
from catalog.models import Product
from catalog.opinions.pages import section_shown
from catalog.pages import product_page
from catalog.paths import key_of, redirect_with_query
from catalog.selectors import (
    category_path_of,
    category_trail,
    products_chosen,
    products_similar,
    with_card_facts,
)
from catalog.seo.cards import with_card
from catalog.seo.products import product_head
from catalog.share import share_links
from shop.core.pagecache import Kept, visit
from shop.core.prepared import INTEGER, Prepared

QR_SECONDS = 24 * 60 * 60


_by_key: Prepared[Product] = Prepared(
    lambda key: (
        with_card(with_card_facts(Product.objects.all()))
        .select_related("parent", "facts__brand", "facts__size_guide")
        .filter(pk=key)
        .order_by()
    ),
    key=INTEGER,
)


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class ProductDetailView(TemplateView):
    """A product with its variants. ``?variant=`` chooses one; htmx swaps gallery and buy box."""

    kept = Kept(query=("variant",), cookies=(COUNTRY_COOKIE,))

    def get_template_names(self) -> list[str]:
        return ["oscar/catalogue/_swap.html" if self.is_swap() else "oscar/catalogue/detail.html"]

    def is_swap(self) -> bool:
        return self.request.headers.get("HX-Request") == "true"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        product = next(iter(_by_key.read(key=key_of(kwargs["pk"]))), None)
        if product is None or not product.is_public:
            return product_gone(request, product)
        if product.is_child:
            if not product.parent.is_public:
                return product_gone(request, product.parent)
            there = f"{product.parent.get_absolute_url()}?variant={product.pk}"
            return redirect_with_query(request, there)
        there = product.get_absolute_url()
        if request.path != unquote(there):
            return redirect_with_query(request, there)
        self.product = product
        if not self.is_swap():
            visit(request, "product-seen", product.pk)
            visit(request, "search-click", product.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = product_page(
            self.product,
            variant_id=key_of(self.request.GET.get("variant", "")) or None,
            country=country_chosen(self.request),
        )
        context = super().get_context_data(
            **kwargs,
            product=self.product,
            page=page,
            share=share_links(page),
            delivery_url=delivery_url(self.request.get_full_path()),
            rating=self.product.rating,
            review_count=self.product.reviews_approved,
        )
        if self.is_swap():
            return context
        trail = category_trail(category_path_of(self.product.pk))
        opinions = section_shown(self.product, user=self.request.user)
        head = product_head(
            page,
            trail=trail,
            rating=self.product.rating,
            reviews=self.product.reviews_approved,
            opinions=opinions,
        )
        return context | {"trail": trail, "opinions": opinions, "page_head": head}


def product_gone(request: HttpRequest, product: Product | None) -> HttpResponse:
    """Not for sale (any more), with things that are.

    A hidden product leads to its own shelf and is not named: it may not have been announced yet.
    """
    category = None
    if product is not None:
        category = product.categories.filter(is_public=True).order_by("-depth").first()
    trail = category_trail(category.path) if category else []
    near = (
        products_similar(product, path=category.path, limit=RAIL)
        if product is not None and category
        else products_chosen(limit=RAIL)
    )
    context = {"trail": trail, "cards": cards_make(near)}
    return render(request, "catalog/product_gone.html", context, status=404)


@require_safe
@cache_control(public=True, max_age=QR_SECONDS)
def product_qr(request: HttpRequest, product_slug: str, pk: str) -> HttpResponse:
    """The product's address as a QR code, drawn here; ``?variant=`` goes into it."""
    product = get_object_or_404(Product.objects.public(), pk=key_of(pk))
    target = settings.PUBLIC_URL + product.get_absolute_url()
    if variant := key_of(request.GET.get("variant", "")):
        target += f"?variant={variant}"
    drawing = io.BytesIO()
    segno.make(target, error="m", micro=False).save(
        drawing, kind="svg", scale=4, border=4, light="#fff", xmldecl=False, svgclass=None
    )
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
