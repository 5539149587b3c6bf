from django.urls import URLPattern, path

from shop.core.office import Access, OfficeConfig

SEE, ADD, CHANGE = "rates.view_rate", "rates.add_rate", "rates.change_rate"
ADD_ZONE, ADD_POINT = "rates.add_zone", "rates.add_pickuppoint"
DAYS, POINTS, LOADS = "rates.view_holiday", "rates.view_pickuppoint", "rates.view_productload"


class RatesDashboardConfig(OfficeConfig):
    """What delivery costs, on which days goods move, where parcels wait, what products weigh."""

    name = "orders.rates.dashboard"
    label = "rates_dashboard"
    access = {
        "delivery-rates": Access(read=(SEE,)),
        "delivery-rates-export": Access(read=(SEE,)),
        "delivery-rates-load": Access(change=(SEE, ADD)),
        "delivery-rates-import": Access(change=(SEE, ADD, CHANGE)),
        "delivery-method-add": Access(change=(SEE, "rates.add_method")),
        "delivery-rate-add": Access(read=(SEE, ADD), change=(SEE, ADD)),
        "delivery-rate-remove": Access(change=(SEE, "rates.delete_rate")),
        "delivery-method": Access(
            read=(SEE, "rates.change_method"), change=(SEE, "rates.change_method")
        ),
        "delivery-rate": Access(read=(SEE, CHANGE), change=(SEE, CHANGE)),
        "delivery-zone-add": Access(read=(SEE, ADD_ZONE), change=(SEE, ADD_ZONE)),
        "delivery-zone": Access(read=(SEE, "rates.change_zone"), change=(SEE, "rates.change_zone")),
        "delivery-zone-remove": Access(change=(SEE, "rates.delete_zone")),
        "delivery-days": Access(read=(SEE, DAYS)),
        "delivery-week-set": Access(change=(DAYS, "rates.change_workingweek")),
        "delivery-week-remove": Access(change=(DAYS, "rates.delete_workingweek")),
        "delivery-holiday-add": Access(change=(DAYS, "rates.add_holiday")),
        "delivery-holiday-remove": Access(change=(DAYS, "rates.delete_holiday")),
        "delivery-surcharge-add": Access(change=(DAYS, "rates.add_surcharge")),
        "delivery-surcharge-remove": Access(change=(DAYS, "rates.delete_surcharge")),
        "delivery-points": Access(read=(POINTS,)),
        "delivery-points-export": Access(read=(POINTS,)),
        "delivery-points-import": Access(change=(POINTS, "rates.add_pickuppoint")),
        "delivery-point-add": Access(read=(POINTS, ADD_POINT), change=(POINTS, ADD_POINT)),
        "delivery-point": Access(
            read=(POINTS, "rates.change_pickuppoint"), change=(POINTS, "rates.change_pickuppoint")
        ),
        "delivery-point-remove": Access(change=(POINTS, "rates.delete_pickuppoint")),
        "delivery-loads": Access(read=(LOADS,)),
        "delivery-loads-export": Access(read=(LOADS,)),
        "delivery-loads-import": Access(change=(LOADS, "rates.add_productload")),
    }

    def get_areas(self) -> list[URLPattern]:
        from orders.rates.dashboard import days, points, tables, views, zones

        return [
            path("", views.rate_list, name="delivery-rates"),
            path("export/", views.rate_export, name="delivery-rates-export"),
            path("load/", views.rates_load, name="delivery-rates-load"),
            path("import/", views.rate_import, name="delivery-rates-import"),
            path("methods/add/", views.method_add, name="delivery-method-add"),
            path("add/", views.rate_add, name="delivery-rate-add"),
            path("<int:pk>/remove/", views.rate_remove, name="delivery-rate-remove"),
            path("methods/<int:pk>/", views.method_detail, name="delivery-method"),
            path("<int:pk>/", views.rate_detail, name="delivery-rate"),
            path("zones/add/", zones.zone_add, name="delivery-zone-add"),
            path("zones/<int:pk>/", zones.zone_detail, name="delivery-zone"),
            path("zones/<int:pk>/remove/", zones.zone_remove, name="delivery-zone-remove"),
            path("days/", days.day_list, name="delivery-days"),
            path("days/week/", days.week_set, name="delivery-week-set"),
            path("days/week/<int:pk>/remove/", days.week_remove, name="delivery-week-remove"),
            path("days/holidays/add/", days.holiday_add, name="delivery-holiday-add"),
            path(
                "days/holidays/<int:pk>/remove/",
                days.holiday_remove,
                name="delivery-holiday-remove",
            ),
            path("days/surcharges/add/", days.surcharge_add, name="delivery-surcharge-add"),
            path(
                "days/surcharges/<int:pk>/remove/",
                days.surcharge_remove,
                name="delivery-surcharge-remove",
            ),
            path("points/", points.point_list, name="delivery-points"),
            path("points/export/", points.point_export, name="delivery-points-export"),
            path("points/import/", points.point_import, name="delivery-points-import"),
            path("points/add/", points.point_add, name="delivery-point-add"),
            path("points/<int:pk>/", points.point_detail, name="delivery-point"),
            path("points/<int:pk>/remove/", points.point_remove, name="delivery-point-remove"),
            path("weights/", tables.load_list, name="delivery-loads"),
            path("weights/export/", tables.load_export, name="delivery-loads-export"),
            path("weights/import/", tables.load_import, name="delivery-loads-import"),
        ]
