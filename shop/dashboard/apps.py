from django.apps import apps as registry
from django.urls import include, path
from oscar.apps.dashboard import apps

from shop.core.office import routed

# Areas of our own: the app's label and where it is mounted ("" when it names its own folders).
OUR_AREAS = {
    "drafts_dashboard": "drafts/",
    "orders_dashboard": "orders/",
    "supply_dashboard": "",
    "payments_dashboard": "",
    "ledger_dashboard": "books/",
    "alerts_dashboard": "",
    "facts_dashboard": "catalogue/",
    "goods": "catalogue/",
    "search_dashboard": "search/",
    "moved_dashboard": "",
    "feeds_dashboard": "",
    "seo_dashboard": "",
    "pricing_dashboard": "prices/",
    "exchange_dashboard": "currencies/",
    "taxes_dashboard": "taxes/",
    "opinions_dashboard": "opinions/",
    "recommend_dashboard": "recommendations/",
    "kinds_dashboard": "kinds/",
    "content_dashboard": "content/",
    "homepage_dashboard": "home/",
    "wallets_dashboard": "wallets/",
    "handover_dashboard": "kinds/",
    "returns_dashboard": "returns/",
    "fraud_dashboard": "fraud/",
    "fulfilment_dashboard": "",
    "refunds_dashboard": "refund-requests/",
    "bank_dashboard": "bank/",
    "papers_dashboard": "papers/",
    "rates_dashboard": "delivery/",
    "audit_dashboard": "",
    "carriers_dashboard": "parcels/",
}


class DashboardConfig(apps.DashboardConfig):
    """Routes what `shop.dashboard.access` and the areas declare, and nothing else."""

    name = "shop.dashboard"

    def get_urls(self):
        from django.contrib.auth import views as auth_views

        from shop.dashboard import find, flow, mails, outbox, people, status, team, views
        from shop.dashboard.access import OSCAR_AREAS, OWN

        own = [
            path("", views.IndexView.as_view(), name="index"),
            path("find/", find.find, name="find"),
            path("flow/", flow.flow, name="flow"),
            path("users/", people.customer_list, name="users-index"),
            path("users/<int:pk>/", people.customer_detail, name="user-detail"),
            path("team/", team.team_list, name="team-list"),
            path("team/add/", team.team_add, name="team-add"),
            path("team/<int:pk>/", team.team_member, name="team-member"),
            path("mails/", mails.mail_list, name="mail-list"),
            path("mails/<int:pk>/", mails.mail_detail, name="mail-detail"),
            path("mails/<int:pk>/html/", mails.mail_html, name="mail-html"),
            path("mails/<int:pk>/retry/", mails.mail_retry, name="mail-retry"),
            path("status/", status.status, name="status"),
            path("outbox/", outbox.outbox_list, name="outbox-list"),
            path("outbox/<int:pk>/retry/", outbox.outbox_retry, name="outbox-retry"),
        ]
        areas = [
            path(folder, include(registry.get_app_config(label).urls[0]))
            for label, folder in OUR_AREAS.items()
        ]
        for label, (folder, table) in OSCAR_AREAS.items():
            patterns = registry.get_app_config(label).urls[0]
            areas.append(path(folder, include(routed(patterns, table))))
        doors = [
            path("login/", views.LoginView.as_view(), name="login"),
            path("logout/", auth_views.LogoutView.as_view(next_page="/"), name="logout"),
        ]
        return [*routed(own, OWN), *areas, *doors]
