"""Every address of the shop, grouped by the app that answers."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from catalog.delivery_views import delivery_page
from catalog.exchange.views import currency_set
from catalog.facts.pages import size_guide_page
from catalog.feeds import urls as feeds
from catalog.pricing.views import price_page
from catalog.views import HomeView
from crm.customer.mail_choices import StopView
from orders.carriers.views import message as carrier_message
from orders.views import payment_return
from shop.media import media_file
from shop.theme import theme_set
from shop.tokens import form_token


def _urls(label: str):
    return apps.get_app_config(label).urls


handler404 = "catalog.moved.views.not_found"
handler500 = "shop.errors.server_error"

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("theme/", theme_set, name="theme"),
    path("currency/", currency_set, name="currency"),
    path("token/", form_token, name="form-token"),
    path("payments/return/<uuid:key>/", payment_return, name="payment-return"),
    path("payments/", include("payments.urls")),
    path("parcels/messages/<slug:carrier>/", carrier_message, name="carrier-message"),
    path("media/<path:path>", media_file),
    *feeds.urlpatterns,
]

if settings.DEBUG or settings.IS_DEMO:
    urlpatterns += i18n_patterns(
        path("styleguide/", include("shop.styleguide.urls")), prefix_default_language=False
    )

urlpatterns += i18n_patterns(
    path("", HomeView.as_view(), name="home"),
    *feeds.in_languages,
    path("catalogue/price/<int:pk>/", price_page, name="price-why"),
    path("", _urls("catalogue")),
    path("delivery/", delivery_page, name="delivery"),
    path("alerts/", include("crm.alerts.urls")),
    path("size-guides/<int:pk>/", size_guide_page, name="size-guide"),
    path("basket/", _urls("basket")),
    path("checkout/", _urls("checkout")),
    path("mails/stop/<str:token>/", StopView.as_view(), name="mail-stop"),
    path("accounts/password/", include("crm.customer.reset_urls")),
    path("accounts/", _urls("customer")),
    path("search/", include("catalog.search.urls")),
    path("dashboard/", _urls("dashboard")),
    path("offers/", _urls("offer")),
    path("wishlists/", include("crm.wishes.urls")),
    path("recommended/", include("catalog.recommend.urls")),
    path("", include("catalog.shortlist.urls")),
    path("gift-cards/", include("payments.wallets.urls")),
    path("downloads/", include("orders.handover.urls")),
    path("", include("catalog.content.urls")),
    path("notices/", include("catalog.homepage.urls")),
    path("", include("orders.urls")),
    prefix_default_language=False,
)
