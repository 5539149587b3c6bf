"""The search page, under the name by which the header finds it."""

from django.urls import path

from catalog.listing.results import SearchView
from catalog.searchlog.views import suggest

app_name = "search"
urlpatterns = [
    path("", SearchView.as_view(), name="search"),
    path("suggest/", suggest, name="suggest"),
]
