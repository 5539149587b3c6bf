from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = ("payments.view_paymentintent", "bank.view_bankline")
TAKE = (*SEE, "bank.add_bankline")
USE = (*SEE, "bank.change_bankline")


class BankDashboardConfig(OfficeConfig):
    name = "payments.bank.dashboard"
    label = "bank_dashboard"
    access = {
        "bank-list": Access(read=SEE),
        "bank-import": Access(read=TAKE, change=TAKE),
        "bank-assign": Access(change=USE),
        "bank-return": Access(change=USE),
    }

    def get_areas(self):
        from payments.bank.dashboard import views

        return [
            path("", views.bank_list, name="bank-list"),
            path("import/", views.bank_import, name="bank-import"),
            path("<int:pk>/assign/", views.assign, name="bank-assign"),
            path("<int:pk>/return/", views.give_back, name="bank-return"),
        ]
