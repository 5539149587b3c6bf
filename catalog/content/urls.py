"""Guides under ``/guides/``, pages about the shop under ``/pages/``."""

from django.urls import path

from catalog.content import views

app_name = "content"
urlpatterns = [
    path("guides/", views.guide_list, name="guides"),
    path("guides/topic/<slug:topic>/", views.guide_list, name="topic"),
    path("guides/<slug:slug>/", views.guide, name="guide"),
    path("pages/<slug:slug>/", views.page, name="page"),
    path("pages/<slug:slug>/<int:number>/", views.page_as_it_was, name="page-version"),
]
