from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE, ADD, CHANGE, DROP = (f"facts.{verb}_brand" for verb in ("view", "add", "change", "delete"))
SEE_GUIDE, ADD_GUIDE, CHANGE_GUIDE, DROP_GUIDE = (
    f"facts.{verb}_sizeguide" for verb in ("view", "add", "change", "delete")
)
SEE_RANGE, CHANGE_RANGE = "offer.view_range", "offer.change_range"


class FactsDashboardConfig(OfficeConfig):
    name = "catalog.facts.dashboard"
    label = "facts_dashboard"
    access = {
        "brand-list": Access(read=(SEE,)),
        "brand-create": Access(read=(SEE, ADD), change=(SEE, ADD)),
        "brand-update": Access(read=(SEE, CHANGE), change=(SEE, CHANGE)),
        "brand-delete": Access(change=(SEE, DROP)),
        "guide-list": Access(read=(SEE_GUIDE,)),
        "guide-add": Access(read=(ADD_GUIDE,), change=(ADD_GUIDE,)),
        "guide-detail": Access(read=(SEE_GUIDE,), change=(CHANGE_GUIDE,)),
        "guide-give": Access(change=(CHANGE_GUIDE,)),
        "guide-take": Access(change=(CHANGE_GUIDE,)),
        "guide-delete": Access(change=(DROP_GUIDE,)),
        "collection-list": Access(read=(SEE_RANGE,)),
        "collection-update": Access(
            read=(SEE_RANGE, CHANGE_RANGE), change=(SEE_RANGE, CHANGE_RANGE)
        ),
    }

    def get_areas(self):
        from catalog.facts.dashboard import brands, collections, guides

        return [
            path("brands/", brands.brand_list, name="brand-list"),
            path("brands/add/", brands.brand_create, name="brand-create"),
            path("brands/<int:pk>/", brands.brand_update, name="brand-update"),
            path("brands/<int:pk>/delete/", brands.brand_delete, name="brand-delete"),
            path("guides/", guides.guide_list, name="guide-list"),
            path("guides/add/", guides.guide_add, name="guide-add"),
            path("guides/<int:pk>/", guides.guide_detail, name="guide-detail"),
            path("guides/<int:pk>/give/", guides.guide_give, name="guide-give"),
            path("guides/<int:pk>/take/<int:family>/", guides.guide_take, name="guide-take"),
            path("guides/<int:pk>/delete/", guides.guide_delete, name="guide-delete"),
            path("collections/", collections.collection_list, name="collection-list"),
            path("collections/<int:pk>/", collections.collection_update, name="collection-update"),
        ]
