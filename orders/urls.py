from django.urls import path

from orders import views
from orders.keeping.again import AgainView

app_name = "orders"

urlpatterns = [
    path("orders/find/", views.FindView.as_view(), name="find"),
    path("orders/find/sent/", views.find_sent, name="find-sent"),
    path("orders/<str:token>/", views.ShowView.as_view(), name="order"),
    path("orders/<str:token>/again/", AgainView.as_view(), name="order-again"),
    path("orders/<str:token>/pay/", views.PayView.as_view(), name="order-pay"),
    path("orders/<str:token>/cancel/", views.CancelView.as_view(), name="order-cancel"),
    path("orders/<str:token>/status/", views.StatusView.as_view(), name="order-status"),
]
