"""The slip that lies in the parcel back: its number to be scanned, where it goes, and what is in it.

In the language of its order. Not frozen and not numbered: it says what was agreed on.
"""

from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders.links import links_by_token, order_token
from orders.papers.printing import print_pdf
from orders.papers.slips import qr_code, units_said
from orders.papers.wording import language_tags
from orders.returns.models import Return
from orders.returns.pages import ReturnPage


def slip_name(back: Return) -> str:
    """Of the file, without ``.pdf``."""
    return f"return-slip-{back.number}"


def slip_pdf(back: Return) -> bytes:
    """``back``: as `returns_read` gives it. Raises ``PrintingFailed``."""
    return print_pdf(layout="return", data=slip_data(back), at=back.created_at)


def slip_data(back: Return) -> dict[str, Any]:
    """For the template ``return``."""
    language = back.order.facts.language
    with translation.override(language):
        page = ReturnPage(back, links_by_token(order_token(back.order)))
        things = page.things
        units = units_said(sum(thing["quantity"] for thing in things))
        asked = timezone.localtime(back.created_at)
        return {
            **language_tags(language),
            "title": " ".join([_("Return slip"), back.number]),
            "shop": settings.OSCAR_SHOP_NAME,
            "kind": _("Return slip"),
            "number": back.number,
            "code": qr_code(back.number),
            "to": _("To"),
            "address": page.address,
            "facts": [
                " ".join([_("Order"), page.order.number]),
                _("Asked for on %(date)s") % {"date": date_format(asked, "DATE_FORMAT")},
                units,
            ],
            "fold": _("Fold here"),
            "columns": [_("Units"), _("Product"), _("Reason")],
            "rows": [
                {
                    "title": thing["title"],
                    "sku": thing["sku"],
                    "quantity": str(thing["quantity"]),
                    "reason": thing["reason"],
                }
                for thing in things
            ],
            "units": units,
            "how": _("How to send it"),
            "steps": [
                _("Pack the things so that they arrive as they are now."),
                _("Lay this slip on top, folded so that the number can be seen."),
                _("Stick our label on it and hand it in: the way back is on us.")
                if page.has_label
                else _("Hand it in with a carrier that you like, and keep the receipt."),
            ],
            "footer": settings.SELLER["contact"],
        }
