from django.urls import path
from oscar.apps.customer import apps


class CustomerConfig(apps.CustomerConfig):
    """Sign-in and the account. Oscar's wish lists, alerts and inbox are left out until they are ours."""

    name = "crm.customer"

    def ready(self) -> None:
        from oscar.apps.customer import receivers  # noqa: F401  recently viewed products

        from crm.customer import handlers  # noqa: F401  they register themselves

    def get_urls(self):
        from crm.customer import (
            addresses,
            mail_choices,
            orders,
            profile,
            returns,
            reviews,
            security,
            views,
            wallets,
        )

        one_return = "orders/<str:number>/returns/<str:code>/"

        return [
            path("", views.SummaryView.as_view(), name="summary"),
            path("login/", views.SignInView.as_view(), name="login"),
            path("logout/", views.sign_out, name="logout"),
            path("register/", views.RegisterView.as_view(), name="register"),
            path("register/sent/", views.link_sent, name="register-sent"),
            path(
                "register/<str:token>/", views.RegisterFinishView.as_view(), name="register-finish"
            ),
            path("link/", security.SignInLinkView.as_view(), name="signin-link"),
            path("link/sent/", views.link_sent, {"purpose": "signin"}, name="signin-sent"),
            path("link/<str:secret>/", security.SignInByLinkView.as_view(), name="signin-by-link"),
            path("security/", security.SecurityView.as_view(), name="security"),
            path("security/sign-out/", security.SessionEndView.as_view(), name="session-end"),
            path("profile/", profile.ProfileView.as_view(), name="profile-view"),
            path("profile/password/", profile.PasswordView.as_view(), name="change-password"),
            path("profile/email/", profile.EmailView.as_view(), name="change-email"),
            path(
                "profile/email/<str:token>/", profile.EmailFinishView.as_view(), name="email-finish"
            ),
            path("orders/", orders.HistoryView.as_view(), name="order-list"),
            path("orders/<str:number>/", orders.ShowView.as_view(), name="order"),
            path("orders/<str:number>/pay/", orders.PayView.as_view(), name="order-pay"),
            path(
                "orders/<str:number>/addition/",
                orders.AdditionView.as_view(),
                name="order-addition",
            ),
            path(
                "orders/<str:number>/refund-account/",
                orders.AccountView.as_view(),
                name="order-refund-account",
            ),
            path("orders/<str:number>/cancel/", orders.CancelView.as_view(), name="order-cancel"),
            path(
                "orders/<str:number>/received/",
                orders.ReceivedView.as_view(),
                name="order-received",
            ),
            path(
                "orders/<str:number>/message/",
                orders.MessageView.as_view(),
                name="order-message",
            ),
            path("orders/<str:number>/status/", orders.StatusView.as_view(), name="order-status"),
            path("orders/<str:number>/track/", orders.TrackView.as_view(), name="order-track"),
            path("orders/<str:number>/again/", orders.AgainView.as_view(), name="order-again"),
            path(
                "orders/<str:number>/complaint/",
                returns.ComplainView.as_view(),
                name="order-complaint",
            ),
            path(f"{one_return}label/", returns.LabelView.as_view(), name="return-label"),
            path(f"{one_return}drop/", returns.DropView.as_view(), name="return-drop"),
            path("orders/<str:number>/return/", returns.AskView.as_view(), name="return-ask"),
            path(one_return, returns.ShowView.as_view(), name="return"),
            path(f"{one_return}slip/", returns.SlipView.as_view(), name="return-slip"),
            path(f"{one_return}send/", returns.SendView.as_view(), name="return-send"),
            path(f"{one_return}cancel/", returns.CancelView.as_view(), name="return-cancel"),
            path(f"{one_return}photos/<int:pk>/", returns.PhotoView.as_view(), name="return-photo"),
            path("returns/", returns.ListView.as_view(), name="return-list"),
            path(
                "orders/<str:number>/papers/<str:paper>/",
                orders.PaperView.as_view(),
                name="order-paper",
            ),
            path("reviews/", reviews.ReviewsView.as_view(), name="reviews"),
            path("wallets/", wallets.WalletsView.as_view(), name="wallets"),
            path("mails/", mail_choices.MailsView.as_view(), name="mails"),
            path("addresses/", addresses.ListView.as_view(), name="address-list"),
            path("addresses/add/", addresses.EditView.as_view(), name="address-create"),
            path("addresses/<int:pk>/", addresses.EditView.as_view(), name="address-detail"),
            path(
                "addresses/<int:pk>/delete/", addresses.DeleteView.as_view(), name="address-delete"
            ),
            path("addresses/<int:pk>/default/", addresses.default_set, name="address-default"),
        ]
