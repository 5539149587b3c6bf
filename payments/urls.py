from django.urls import path

from payments import views

app_name = "payments"

urlpatterns = [
    path("pay/<uuid:key>/", views.pay, name="pay"),
    path("webhooks/<slug:provider>/", views.webhook, name="webhook"),
]
