"""Forgotten passwords. Outside the namespace, because Django and Oscar call these names bare."""

from django.urls import path

from crm.customer import views

urlpatterns = [
    path("", views.ResetView.as_view(), name="password-reset"),
    path("sent/", views.link_sent, name="password-reset-done"),
    path(
        "<str:uidb64>/<str:token>/",
        views.ResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
]
