from django.urls import path

from catalog.shortlist import views

app_name = "shortlist"
urlpatterns = [
    path("compare/", views.CompareView.as_view(), name="compare"),
    path("recently-viewed/", views.RecentView.as_view(), name="recent"),
]
