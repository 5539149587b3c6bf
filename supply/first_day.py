"""What a shop needs before its first product: countries to ship to, and a warehouse."""

from babel import Locale
from oscar.apps.address.models import Country

from supply.models import Warehouse

# CLDR regions that are no country anybody ships to.
NO_ADDRESS = {"AC", "AQ", "BV", "CP", "CQ", "DG", "EA", "EU", "EZ", "HM", "IC", "QO", "TA", "UN"}
NO_ADDRESS |= {"UM", "XA", "XB", "ZZ", "SU", "GS", "TF", "IO"}
SHOWN_FIRST = ("DE", "AT", "CH", "FR", "NL", "GB", "US", "CN", "JP")
HOME = "DE"


def countries_and_warehouse_make(**kwargs: object) -> None:
    """After each migrate: make what is missing, change nothing that is there."""
    if not Country.objects.exists():
        names = Locale("en").territories
        Country.objects.bulk_create(
            Country(
                iso_3166_1_a2=code,
                printable_name=name,
                name=name,
                display_order=len(SHOWN_FIRST) - SHOWN_FIRST.index(code)
                if code in SHOWN_FIRST
                else 0,
                is_shipping_country=True,
            )
            for code, name in names.items()
            if len(code) == 2 and code.isalpha() and code not in NO_ADDRESS
        )
    if not Warehouse.objects.exists() and Country.objects.filter(pk=HOME).exists():
        Warehouse.objects.create(
            code="main", name="Main warehouse", country_id=HOME, is_default=True
        )
