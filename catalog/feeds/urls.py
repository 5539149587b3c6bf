"""What robots, merchants and browsers ask for. ``in_languages`` has one address for each language."""

from django.urls import path, re_path

from catalog.feeds import installed, views
from catalog.feeds.addresses import CODES
from catalog.feeds.rss import NewProducts

LANGUAGE = "|".join(CODES)
urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    re_path(
        rf"^sitemaps/(?P<kind>[a-z]+)-(?P<language>{LANGUAGE})-(?P<number>[0-9]{{1,9}})\.xml$",
        views.sitemap,
        name="sitemap",
    ),
    re_path(
        rf"^feeds/google-(?P<language>{LANGUAGE})\.xml$", views.merchant_feed, name="merchant-feed"
    ),
    path("sw.js", installed.service_worker, name="service-worker"),
]
in_languages = [
    path("new/rss.xml", NewProducts(), name="new-feed"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("offline/", installed.offline, name="offline"),
]
