"""What is at the desk of products and not in the shop yet: a draft, and one that comes by the clock."""

import datetime as dt
from uuid import UUID

from catalog.models import Product
from crm.accounts.models import User
from orders.desk.services import desk_view_keep
from shop.dashboard.goods.copies import product_copy
from shop.dashboard.goods.plans import Standing, standing_set

COMES_IN = dt.timedelta(days=21)


def desk_load(*, now: dt.datetime) -> None:
    """Copies of the dearest things that stand alone; of one for both in a demo that has only one."""
    dearest = (
        Product.objects.public()
        .filter(structure=Product.STANDALONE, product_class__requires_shipping=True, as_set=None)
        .filter(stockrecords__price__isnull=False)
        .order_by("-stockrecords__price", "pk")[:2]
    )
    if not dearest:
        return
    drafted, coming = dearest[0], dearest[len(dearest) - 1]
    product_copy(product=drafted, key=UUID(int=1), user_id=None)
    planned = product_copy(product=coming, key=UUID(int=2), user_id=None)
    planned.title_en = f"{coming.title_en}, new edition"
    planned.title_zh_hans = f"{coming.title_zh_hans}（新版）"
    planned.save()
    begins = (now + COMES_IN).replace(minute=0, second=0, microsecond=0)
    standing_set(product=planned, standing=Standing.SALE, starts_at=begins)


def views_load(*, manager: User) -> None:
    """A view of the list of orders that the team shares: what is to be packed, the dearest first."""
    desk_view_keep(owner=manager, name="VIP", query="view=to_pack&sort=-total", is_shared=True)
