from django.urls import URLPattern, path

from shop.core.office import Access, OfficeConfig

SEE, ADD = "taxes.view_taxrate", "taxes.add_taxrate"
CHANGE, REMOVE = "taxes.change_taxcountry", "taxes.delete_taxrate"


class TaxesDashboardConfig(OfficeConfig):
    name = "catalog.taxes.dashboard"
    label = "taxes_dashboard"
    access = {
        "tax-list": Access(read=(SEE,)),
        "tax-country-add": Access(change=(SEE, ADD)),
        "tax-load": Access(change=(SEE, ADD)),
        "tax-detail": Access(read=(SEE,), change=(SEE, CHANGE)),
        "tax-rate-set": Access(change=(SEE, ADD)),
        "tax-rate-remove": Access(change=(SEE, REMOVE)),
    }

    def get_areas(self) -> list[URLPattern]:
        from catalog.taxes.dashboard import views

        return [
            path("", views.tax_list, name="tax-list"),
            path("add/", views.country_add, name="tax-country-add"),
            path("load/", views.shipped_load, name="tax-load"),
            path("<slug:code>/", views.tax_detail, name="tax-detail"),
            path("<slug:code>/rates/", views.rate_set, name="tax-rate-set"),
            path("<slug:code>/rates/<int:pk>/remove/", views.rate_remove, name="tax-rate-remove"),
        ]
