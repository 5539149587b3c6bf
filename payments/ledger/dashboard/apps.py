from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "ledger.view_transaction"
SEE_SETTLEMENTS = (SEE, "ledger.view_settlement")

SEE_OFF = (SEE, "ledger.view_writeoff")
LET_GO = (*SEE_OFF, "ledger.add_writeoff")
UNDO = (*SEE_OFF, "ledger.change_writeoff")


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
        "book-write-offs": Access(read=SEE_OFF, change=LET_GO),
        "book-write-off-undo": Access(change=UNDO),
    }

    def get_areas(self):
        from payments.ledger.dashboard import settlement_views, views, write_offs

        return [
            path("", views.balance, name="book-balance"),
            path("accounts/<int:pk>/", views.account, name="book-account"),
            path("orders/<str:number>/", views.order, name="book-order"),
            path("journal/", views.journal, name="book-journal"),
            path("days/", views.days, name="book-days"),
            path("write-offs/", write_offs.write_off_list, name="book-write-offs"),
            path("write-offs/<int:pk>/undo/", write_offs.undo, name="book-write-off-undo"),
            path("settlements/", settlement_views.settlements, name="book-settlements"),
            path("settlements/<int:pk>/", settlement_views.settlement, name="book-settlement"),
        ]
