"""Routed only in debug and in the demo; see ``shop.urls``."""

from django.urls import path

from shop.styleguide import views

app_name = "styleguide"

urlpatterns = [
    path("", views.storefront, name="storefront"),
    path("office/", views.office, name="office"),
]
