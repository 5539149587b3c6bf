"""Mails about a return, in its shopper's language. One for each step that they did not take themselves."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from orders.links import links_by_token, order_token
from orders.page_parts import Fact
from orders.returns.complaint_pages import ComplaintPage
from orders.returns.models import Complaint, Return
from orders.returns.pages import ReturnPage
from orders.returns.states import ReturnState
from shop.core.mail import mail_queue

#: Its own step, and what is only between us and the shelf, need no mail.
SILENT = (ReturnState.ON_WAY, ReturnState.INSPECTED)


def return_mail_queue(*, back: Return, state: str) -> None:
    """Queue the mail of one step, once. ``back`` is spoken of as it was at that step."""
    is_beyond_repair = state == ReturnState.INSPECTED and any(
        one.state == ReturnState.REPAIRING for one in back.moments.all()
    )
    if (state in SILENT and not is_beyond_repair) or not back.order.email:
        return
    back.state = state
    with translation.override(back.language):
        page = ReturnPage(back, links_by_token(order_token(back.order)))
        mail_queue(
            key=f"return:{back.number}:{state}",
            kind="return_step",
            to=back.order.email,
            language=back.language,
            reference=back.order.number,
            context={
                "page": page,
                "title": title_of(state),
                "url": settings.PUBLIC_URL + page.links.page,
                "rows": [_row(thing) for thing in page.things],
                "is_free": page.is_free,
                "is_approved": state == ReturnState.APPROVED,
                "slip_url": settings.PUBLIC_URL + page.links.slip,
            },
        )


def title_of(state: str) -> str:
    return {
        ReturnState.ASKED: _("We have your return"),
        ReturnState.APPROVED: _("Please send it to us"),
        ReturnState.REFUSED: _("We cannot take it back"),
        ReturnState.RECEIVED: _("Your return is here"),
        ReturnState.REPAIRING: _("Your repair has begun"),
        ReturnState.REPAIRED: _("It is repaired and comes back to you"),
        ReturnState.INSPECTED: _("It could not be repaired"),
        ReturnState.REFUNDED: _("Your return is done"),
        ReturnState.EXCHANGED: _("Your exchange gets ready"),
        ReturnState.CLOSED: _("Your return has ended"),
        ReturnState.CANCELLED: _("Your return is cancelled"),
    }[ReturnState(state)]


def _row(thing: dict) -> Fact:
    note = thing["reason"]
    if thing["swap"]:
        note = _("in exchange for it: %(title)s") % {"title": thing["swap"]}
    return Fact(thing["title"], f"× {thing['quantity']}", note=note)


def complaint_mail_queue(*, complaint: Complaint, step: str = "closed") -> None:
    """That a complaint is here (``made``), or how it was put right, in the language in which it was
    made. Each once; news of one that was dealt with meanwhile are old.
    """
    if step == "made" and complaint.closed_at:
        return
    order = complaint.order
    if not order.email:
        return
    with translation.override(complaint.language):
        links = links_by_token(order_token(order))
        page = ComplaintPage(complaint, links)
        mail_queue(
            key=f"complaint:{complaint.pk}" + (":made" if step == "made" else ""),
            kind=f"complaint_{step}",
            to=order.email,
            language=complaint.language,
            reference=order.number,
            context={
                "page": page,
                "order": order,
                "url": settings.PUBLIC_URL + (links.complain if step == "made" else page.next_url),
            },
        )
