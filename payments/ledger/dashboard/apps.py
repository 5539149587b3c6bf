from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "ledger.view_transaction"
SEE_SETTLEMENTS = (SEE, "ledger.view_settlement")


class LedgerDashboardConfig(OfficeConfig):
    name = "payments.ledger.dashboard"
    label = "ledger_dashboard"
    access = {
        "book-balance": Access(read=(SEE,)),
        "book-account": Access(read=(SEE,)),
        "book-order": Access(read=(SEE,)),
        "book-journal": Access(read=(SEE,)),
        "book-days": Access(
            read=(SEE, "ledger.view_dayclose"), change=(SEE, "ledger.add_dayclose")
        ),
        "book-settlements": Access(
            read=SEE_SETTLEMENTS, change=(*SEE_SETTLEMENTS, "ledger.add_settlement")
        ),
        "book-settlement": Access(read=SEE_SETTLEMENTS),
    }

    def get_areas(self):
        from payments.ledger.dashboard import settlement_views, views

        return [
            path("", views.balance, name="book-balance"),
            path("accounts/<int:pk>/", views.account, name="book-account"),
            path("orders/<str:number>/", views.order, name="book-order"),
            path("journal/", views.journal, name="book-journal"),
            path("days/", views.days, name="book-days"),
            path("settlements/", settlement_views.settlements, name="book-settlements"),
            path("settlements/<int:pk>/", settlement_views.settlement, name="book-settlement"),
        ]
