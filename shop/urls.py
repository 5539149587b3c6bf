"""Every address of the shop, grouped by the app that answers."""

from django.apps import apps
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path


def _urls(label: str):
    return apps.get_app_config(label).urls


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("payments/", include("payments.urls")),
]

urlpatterns += i18n_patterns(
    path("catalogue/", _urls("catalogue")),
    path("basket/", _urls("basket")),
    path("checkout/", _urls("checkout")),
    path("accounts/", _urls("customer")),
    path("search/", _urls("search")),
    path("dashboard/", _urls("dashboard")),
    path("offers/", _urls("offer")),
    path("wishlists/", _urls("wishlists")),
    path("", include("orders.urls")),
    prefix_default_language=False,
)
