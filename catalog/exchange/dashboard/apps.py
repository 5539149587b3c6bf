from django.urls import URLPattern, path

from shop.core.office import Access, OfficeConfig

SEE, ADD = "exchange.view_exchangerate", "exchange.add_exchangerate"
CHANGE = "exchange.change_currency"
SEE_PRICES, CHANGE_PRICES = "exchange.view_currencyprice", "exchange.change_currencyprice"


class ExchangeDashboardConfig(OfficeConfig):
    name = "catalog.exchange.dashboard"
    label = "exchange_dashboard"
    access = {
        "rate-list": Access(read=(SEE,)),
        "rate-set": Access(change=(SEE, ADD)),
        "rate-import": Access(change=(SEE, ADD)),
        "rate-export": Access(read=(SEE,)),
        "currency-detail": Access(read=(SEE,), change=(SEE, CHANGE)),
        "currency-price-list": Access(read=(SEE_PRICES,)),
        "currency-price-set": Access(change=(SEE_PRICES, CHANGE_PRICES)),
        "currency-price-remove": Access(change=(SEE_PRICES, CHANGE_PRICES)),
    }

    def get_areas(self) -> list[URLPattern]:
        from catalog.exchange.dashboard import prices, rates

        return [
            path("", rates.rate_list, name="rate-list"),
            path("set/", rates.rate_set, name="rate-set"),
            path("import/", rates.rate_import, name="rate-import"),
            path("export/", rates.rate_export, name="rate-export"),
            path("prices/", prices.price_list, name="currency-price-list"),
            path("prices/set/", prices.price_set, name="currency-price-set"),
            path("prices/<int:pk>/remove/", prices.price_remove, name="currency-price-remove"),
            path("<slug:code>/", rates.currency_detail, name="currency-detail"),
        ]
