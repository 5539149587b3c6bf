from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = ("payments.view_paymentintent", "bank.view_bankline")
TAKE = (*SEE, "bank.add_bankline")
USE = (*SEE, "bank.change_bankline")
SAY = (*SEE, "bank.add_bankuse")
UNDO = (*SEE, "bank.change_bankuse")
LET_GO = (*SAY, "ledger.add_writeoff")
NAME = ("payments.view_paymentintent", "bank.add_payout")
PAYOUTS = ("payments.view_refund", "bank.view_payout")
PAY = (*PAYOUTS, "bank.change_payout")


class BankDashboardConfig(OfficeConfig):
    name = "payments.bank.dashboard"
    label = "bank_dashboard"
    access = {
        "bank-list": Access(read=SEE),
        "bank-import": Access(read=TAKE, change=TAKE),
        "bank-assign": Access(change=USE),
        "bank-return": Access(change=USE),
        "bank-use": Access(change=SAY),
        "bank-undo": Access(change=UNDO),
        "bank-short": Access(change=LET_GO),
        "payout-list": Access(read=PAYOUTS),
        "payout-file": Access(change=PAY),
        "payout-send": Access(change=PAY),
        "payout-unsend": Access(change=PAY),
        "payout-match": Access(change=(*USE, *PAY)),
        "payout-account": Access(read=NAME, change=NAME),
    }

    def get_areas(self):
        from payments.bank.dashboard import payouts, views

        return [
            path("", views.bank_list, name="bank-list"),
            path("import/", views.bank_import, name="bank-import"),
            path("<int:pk>/assign/", views.assign, name="bank-assign"),
            path("<int:pk>/return/", views.give_back, name="bank-return"),
            path("<int:pk>/use/", views.use, name="bank-use"),
            path("<int:pk>/undo/", views.undo, name="bank-undo"),
            path("short/<int:pk>/", views.short, name="bank-short"),
            path("payouts/", payouts.payout_list, name="payout-list"),
            path("payouts/file/", payouts.payout_file, name="payout-file"),
            path("payouts/<int:pk>/sent/", payouts.payout_sent, name="payout-send"),
            path("payouts/<int:pk>/not-sent/", payouts.payout_unsent, name="payout-unsend"),
            path("payouts/of/<str:number>/", payouts.payout_account, name="payout-account"),
            path("<int:pk>/payout/", payouts.payout_matched, name="payout-match"),
        ]
