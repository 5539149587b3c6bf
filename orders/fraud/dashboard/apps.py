from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = ("fraud.view_fraudcheck",)
DECIDE = (*SEE, "fraud.change_fraudcheck")
RULES = (*SEE, "fraud.view_fraudrule")
SET_RULES = (*RULES, "fraud.change_fraudrule")
LISTS = (*SEE, "fraud.view_listed")
SET_LISTS = (*LISTS, "fraud.change_listed")


class FraudDashboardConfig(OfficeConfig):
    """The queue of orders that wait for a look, the rules behind it, and who is blocked or trusted."""

    name = "orders.fraud.dashboard"
    label = "fraud_dashboard"
    access = {
        "fraud-list": Access(read=SEE),
        "fraud-detail": Access(read=SEE),
        "fraud-approve": Access(change=DECIDE),
        "fraud-decline": Access(change=DECIDE),
        "fraud-rules": Access(read=RULES),
        "fraud-rule": Access(change=SET_RULES),
        "fraud-line": Access(change=SET_RULES),
        "fraud-listed": Access(read=LISTS, change=SET_LISTS),
        "fraud-listed-remove": Access(change=SET_LISTS),
    }

    def get_areas(self):
        from orders.fraud.dashboard import rules, views

        return [
            path("", views.fraud_list, name="fraud-list"),
            path("rules/", rules.fraud_rules, name="fraud-rules"),
            path("rules/line/", rules.fraud_line, name="fraud-line"),
            path("rules/<slug:code>/", rules.fraud_rule, name="fraud-rule"),
            path("lists/", rules.fraud_listed, name="fraud-listed"),
            path("lists/<int:pk>/remove/", rules.listed_remove, name="fraud-listed-remove"),
            path("<str:number>/", views.fraud_detail, name="fraud-detail"),
            path("<str:number>/approve/", views.approve, name="fraud-approve"),
            path("<str:number>/decline/", views.decline, name="fraud-decline"),
        ]
