from django.urls import path

from payments.wallets import views

app_name = "gift-cards"

urlpatterns = [
    path("balance/", views.BalanceView.as_view(), name="balance"),
    path("<str:token>/", views.card_show, name="card"),
]
