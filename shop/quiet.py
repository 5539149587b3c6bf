"""Oscar's analytics, without its listeners.

They count views, baskets and sales in shared rows while a page is read or an order is placed: a
write for every visitor, and, when two people are the first to buy a product, an IntegrityError that
breaks the transaction of the sale. The tables stay, because Oscar's own pages read them.
"""

from oscar.core.application import OscarConfig


class AnalyticsConfig(OscarConfig):
    label = "analytics"
    name = "oscar.apps.analytics"
