"""Lists beside the category tree. `catalog.apps` puts them under the catalogue's name."""

from django.urls import path, re_path

from catalog.listing import views

#: From the shop's root.
ROOT = [
    path("brands/", views.BrandListView.as_view(), name="brand-list"),
    path("brands/<slug:slug>/", views.BrandView.as_view(), name="brand"),
    path("collections/", views.CollectionListView.as_view(), name="collection-list"),
    path("collections/<slug:slug>/", views.CollectionView.as_view(), name="collection"),
    path("new/", views.NewView.as_view(), name="new"),
    path("best-sellers/", views.BestSellersView.as_view(), name="best-sellers"),
    path("on-offer/", views.OfferView.as_view(), name="on-offer"),
]
#: Instead of Oscar's, under ``catalogue/``.
RANGE = re_path(r"^ranges/(?P<slug>[\w-]+)/$", views.RangeView.as_view(), name="range")
