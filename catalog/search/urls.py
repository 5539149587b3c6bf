"""The search page, under the name by which the header finds it."""

from django.urls import path

from catalog.searchlog.views import suggest
from catalog.views import SearchView

app_name = "search"
urlpatterns = [
    path("", SearchView.as_view(), name="search"),
    path("suggest/", suggest, name="suggest"),
]
