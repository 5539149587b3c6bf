from django.urls import URLPattern, path

from shop.core.office import Access, OfficeConfig

SEE, ADD, CHANGE = (f"pricing.{verb}_pricelist" for verb in ("view", "add", "change"))
SEE_HISTORY = "pricing.view_pricerecord"


class PricingDashboardConfig(OfficeConfig):
    name = "catalog.pricing.dashboard"
    label = "pricing_dashboard"
    access = {
        "price-list-list": Access(read=(SEE,)),
        "price-list-create": Access(read=(ADD,), change=(ADD,)),
        "price-list-detail": Access(read=(SEE,), change=(SEE, CHANGE)),
        "price-entry-set": Access(change=(SEE, CHANGE)),
        "price-entry-remove": Access(change=(SEE, CHANGE)),
        "price-import": Access(change=(SEE, CHANGE)),
        "price-export": Access(read=(SEE,)),
        "price-history-list": Access(read=(SEE_HISTORY,)),
        "price-history": Access(read=(SEE_HISTORY,)),
        "price-check": Access(read=(SEE, SEE_HISTORY)),
    }

    def get_areas(self) -> list[URLPattern]:
        from catalog.pricing.dashboard import lists, past

        return [
            path("", lists.price_list_list, name="price-list-list"),
            path("add/", lists.price_list_create, name="price-list-create"),
            path("<int:pk>/", lists.price_list_detail, name="price-list-detail"),
            path("<int:pk>/entries/", lists.entry_set, name="price-entry-set"),
            path(
                "<int:pk>/entries/<int:entry_pk>/remove/",
                lists.entry_remove,
                name="price-entry-remove",
            ),
            path("<int:pk>/import/", lists.prices_import, name="price-import"),
            path("<int:pk>/export/", lists.prices_export, name="price-export"),
            path("history/", past.history_list, name="price-history-list"),
            path("history/<int:pk>/", past.history, name="price-history"),
            path("check/", past.check, name="price-check"),
        ]
