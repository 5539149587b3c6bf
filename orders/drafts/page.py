"""What a draft says to its customer: on the page behind the link, and in the mail with it."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.pictures.selectors import product_images
from orders.checkout.views import quote_rows
from orders.mails import absolute
from orders.page_parts import picture_of
from orders.quotes import Quote
from shop.core.money import shown


def things_of(quote: Quote) -> list[dict[str, Any]]:
    """The lines; pictures and families are read for all of them at once."""
    rows = list(quote.basket.all_lines())
    prefetch_related_objects(
        [line.product for line in rows],
        Prefetch("images", product_images()),
        Prefetch("parent__images", product_images()),
    )
    return [
        {
            "title": line.product.get_title(),
            "quantity": line.quantity,
            "amount": line.shown_price,
            "currency": quote.total.currency,
            "picture": picture_of(line.product),
        }
        for line in rows
    ]


def mail_page(quote: Quote) -> dict[str, Any]:
    """As `mails/_things.html` takes it: amounts in words, pictures with their whole address."""
    language, currency = get_language() or "en", quote.total.currency

    def words(row: dict[str, Any]) -> str:
        return _("Free") if row.get("is_free") else shown(row["amount"], currency, language)

    things = [
        {
            "title": thing["title"],
            "quantity": thing["quantity"],
            "amount": shown(thing["amount"], currency, language),
            "picture": absolute(thing["picture"].small) if thing["picture"] else "",
        }
        for thing in things_of(quote)
    ]
    totals = [
        {
            "name": row["name"],
            "note": row.get("note", ""),
            "kind": row.get("kind", ""),
            "value": words(row),
        }
        for row in quote_rows(quote)
    ]
    return {"things": things, "totals": totals}
