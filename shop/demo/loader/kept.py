"""What the shopper of the demo put aside."""

from catalog.models import Product
from crm.accounts.models import User
from orders.keeping.aside import shelf_of
from orders.keeping.models import PutAside

ASIDE = 2  # things


def kept_load(*, shopper: User) -> None:
    """Two things that cost least, so that they are in every size of the demo."""
    cheap = (
        Product.objects.public()
        .filter(
            structure=Product.STANDALONE,
            product_class__requires_shipping=True,
            stockrecords__num_in_stock__gt=0,
        )
        .order_by("stockrecords__price", "pk")
        .distinct()[:ASIDE]
    )
    shelf = shelf_of(shopper)
    for product in cheap:
        PutAside.objects.get_or_create(shelf=shelf, product=product, defaults={"quantity": 1})
