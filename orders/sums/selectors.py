"""Adding up orders of several currencies."""

from django.db.models.functions import Coalesce

#: Of an order, in the shop's own currency. Orders from before there were others have no row.
TOTAL_OWN = Coalesce("sums__total_own", "total_incl_tax")
