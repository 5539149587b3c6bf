from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE, MAKE = "feeds.view_feedrun", "feeds.add_feedrun"


class FeedsDashboardConfig(OfficeConfig):
    """How the feed for merchants was made, and what is wrong with its products."""

    name = "catalog.feeds.dashboard"
    label = "feeds_dashboard"
    access = {
        "feed-list": Access(read=(SEE,)),
        "feed-make": Access(change=(SEE, MAKE)),
    }

    def get_areas(self):
        from catalog.feeds.dashboard import views

        return [
            path("feeds/", views.feed_list, name="feed-list"),
            path("feeds/make/", views.feed_make, name="feed-make"),
        ]
