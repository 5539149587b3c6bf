from django.urls import path
from oscar.apps.checkout import apps


class CheckoutConfig(apps.CheckoutConfig):
    """Two pages and what may be changed on them. Oscar's take the money before the order exists, so none of them is used."""

    name = "orders.checkout"

    def ready(self) -> None:
        """Oscar's looks up the views that we do not have."""

    def get_urls(self):
        from orders.checkout import address_views, thanks, views, wallet_views

        return [
            path("", address_views.DetailsView.as_view(), name="index"),
            path("shipping-address/", address_views.AddressView.as_view(), name="shipping-address"),
            path(
                "invoice-address/",
                address_views.InvoiceAddressView.as_view(),
                name="invoice-address",
            ),
            path("shipping-method/", views.DeliveryView.as_view(), name="shipping-method"),
            path("preview/", views.PlaceView.as_view(), name="preview"),
            path("wallets/", wallet_views.WalletView.as_view(), name="wallets"),
            path("fit/", views.FitView.as_view(), name="fit"),
            path("thank-you/<str:number>/", thanks.ThankYouView.as_view(), name="thank-you"),
        ]
