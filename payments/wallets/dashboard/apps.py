from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = ("wallets.view_wallet",)
CHANGE = (*SEE, "wallets.change_wallet")
GIVE = (*SEE, "wallets.give_credit")


class WalletsDashboardConfig(OfficeConfig):
    name = "payments.wallets.dashboard"
    label = "wallets_dashboard"
    access = {
        "wallet-list": Access(read=SEE),
        "wallet-detail": Access(read=SEE),
        "wallet-give": Access(read=GIVE, change=GIVE),
        "wallet-take-back": Access(read=GIVE, change=GIVE),
        "wallet-block": Access(change=CHANGE),
        "wallet-unblock": Access(change=CHANGE),
        "wallet-resend": Access(change=CHANGE),
        "wallet-void": Access(change=CHANGE),
    }

    def get_areas(self):
        from payments.wallets.dashboard import views

        return [
            path("", views.wallet_list, name="wallet-list"),
            path("give/", views.CreditView.as_view(), name="wallet-give"),
            path("gifts/<int:pk>/", views.TakeBackView.as_view(), name="wallet-take-back"),
            path("<int:pk>/", views.wallet_detail, name="wallet-detail"),
            path("<int:pk>/block/", views.wallet_block, name="wallet-block"),
            path("<int:pk>/unblock/", views.wallet_unblock, name="wallet-unblock"),
            path("<int:pk>/resend/", views.wallet_resend, name="wallet-resend"),
            path("<int:pk>/void/", views.wallet_void, name="wallet-void"),
        ]
