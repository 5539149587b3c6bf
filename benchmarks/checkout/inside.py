"""What has to happen inside of one of the shops: `python -m benchmarks.checkout.inside ACTION`."""

import json
import sys
from urllib.parse import urlsplit

from benchmarks.checkout.guest import Answer, Guest


def main() -> None:
    import django

    django.setup()
    action, *rest = sys.argv[1:]
    COMMANDS[action](*rest)


def stock(units: str, goods: str) -> None:
    """Receive ``units`` of so many different goods, through the ledger."""
    from django.db.models import Q

    from catalog.models import Kind
    from catalog.partner.models import StockRecord
    from catalog.refresh import refreshing
    from supply.models import Reason
    from supply.services import stock_move

    sold = {"product_class__kind": Kind.GOODS, "product_class__track_stock": True}
    family = {f"product__parent__{name}": value for name, value in sold.items()}
    alone = {f"product__{name}": value for name, value in sold.items()}
    records = StockRecord.objects.filter(Q(**family) | Q(**alone))
    with refreshing():
        for record in records.order_by("product_id")[: int(goods)]:
            stock_move(
                stock_record_id=record.pk,
                quantity=int(units),
                reason=Reason.RECEIVED,
                source=f"benchmark:{record.pk}",
            )


def pictures() -> None:
    """Draw what the clock of a new shop draws in its first minutes, two dozen goods in each."""
    from catalog.pictures.selectors import pictures_undrawn, pictures_unknown
    from catalog.pictures.services import picture_draw, pictures_notice
    from catalog.seo.card_selectors import families_without_card
    from catalog.seo.card_services import cards_refresh, shop_cards_refresh

    pictures_notice(pictures_unknown())
    for name in pictures_undrawn():
        picture_draw(name=name)
    shop_cards_refresh()
    cards_refresh(families_without_card(limit=100_000))


def shelf(product: str, units: str) -> None:
    """Bring one product to exactly ``units`` that can still be bought."""
    from catalog.partner.models import StockRecord
    from supply.models import Reason
    from supply.services import stock_move

    record = StockRecord.objects.get(product_id=int(product))
    free = (record.num_in_stock or 0) - (record.num_allocated or 0)
    stock_move(
        stock_record_id=record.pk,
        quantity=int(units) - free,
        reason=Reason.COUNTED,
        source=f"benchmark:shelf:{record.pk}",
    )


def statements(shop: str, page: str, product: str) -> None:
    """SQL of each step of one checkout in this process; the second one, when its caches are warm."""
    from benchmarks.checkout.walks import WALKS

    for number in range(2):
        guest = InsideGuest(f"http://{HOST}")
        WALKS[shop](guest, page, int(product), f"alone{number}@example.com")
        guest.close()
    print(json.dumps(guest.sql))


HOST = "127.0.0.1"


class InsideGuest(Guest):
    """Asks this process for the shop's own pages, and counts; other hosts are asked over HTTP."""

    def __init__(self, origin: str) -> None:
        from django.test import Client

        super().__init__(origin)
        self.client = Client(SERVER_NAME=HOST)
        self.sql: dict[str, int] = {}

    def _ask(self, method: str, url: str, values: dict[str, str] | None) -> tuple[Answer, str]:
        from django.conf import settings
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        parts = urlsplit(url)
        public = urlsplit(getattr(settings, "PUBLIC_URL", self.origin)).netloc
        if parts.netloc not in (HOST, public):
            return super()._ask(method, url, values)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        with CaptureQueriesContext(connection) as seen:
            ask = self.client.get if values is None else self.client.post
            answer = ask(path, values, headers=self.heads)
        self.sql[self.step] = self.sql.get(self.step, 0) + len(seen)
        location = (
            answer.headers.get("Location", "") if answer.status_code in (301, 302, 303) else ""
        )
        return Answer(url, answer.status_code, answer.content), location


COMMANDS = {"pictures": pictures, "shelf": shelf, "statements": statements, "stock": stock}

if __name__ == "__main__":
    main()
