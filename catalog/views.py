"""The storefront's pages. Reading only: a GET here writes nothing."""

from typing import Any

from django.views.generic import TemplateView

from catalog.home import home_head
from catalog.homepage.reading import home_shown
from catalog.homepage.selectors import HOME, home_blocks, next_change
from catalog.listing.views import CatalogueView as CatalogueView  # Oscar looks here
from catalog.listing.views import ProductCategoryView as ProductCategoryView
from catalog.product_views import ProductDetailView as ProductDetailView  # Oscar looks here
from shop.core.pagecache import Kept, depends, until


class HomeView(TemplateView):
    template_name = "catalog/home.html"
    kept = Kept()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        blocks = home_blocks()
        depends(HOME)
        until(next_change(blocks))
        return super().get_context_data(
            **kwargs, blocks=home_shown(blocks), page_head=home_head(self.request.path)
        )
