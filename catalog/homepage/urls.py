"""Closing a notice, under ``/notices/``."""

from django.urls import path

from catalog.homepage import views

app_name = "homepage"
urlpatterns = [path("<int:pk>/close/", views.notice_close, name="notice-close")]
