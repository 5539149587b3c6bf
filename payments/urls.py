from django.urls import path

from payments import views

app_name = "payments"

urlpatterns = [
    path("pay/<uuid:key>/", views.PayView.as_view(), name="pay"),
    path("pay/<uuid:key>/state/", views.pay_state, name="pay-state"),
    path("pay/<uuid:key>/code.svg", views.pay_code, name="pay-code"),
    path("webhooks/<slug:provider>/", views.webhook, name="webhook"),
]
