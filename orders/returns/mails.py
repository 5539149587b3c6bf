"""Mails about a return, in its shopper's language. One for each step that they did not take themselves."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from orders.links import links_by_token, order_token
from orders.pages import Fact
from orders.returns.models import Return
from orders.returns.pages import ReturnPage
from orders.returns.states import ReturnState
from shop.core.mail import mail_queue

#: Its own step, and what is only between us and the shelf, need no mail.
SILENT = (ReturnState.ON_WAY, ReturnState.INSPECTED)


def return_mail_queue(*, back: Return, state: str) -> None:
    """Queue the mail of one step, once. ``back`` is spoken of as it was at that step."""
    if state in SILENT or not back.order.email:
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
            },
        )


def title_of(state: str) -> str:
    return {
        ReturnState.ASKED: _("We have your return"),
        ReturnState.APPROVED: _("Please send it to us"),
        ReturnState.REFUSED: _("We cannot take it back"),
        ReturnState.RECEIVED: _("Your return is here"),
        ReturnState.REFUNDED: _("Your return is done"),
        ReturnState.CLOSED: _("Your return has ended"),
        ReturnState.CANCELLED: _("Your return is cancelled"),
    }[ReturnState(state)]


def _row(thing: dict) -> Fact:
    return Fact(thing["title"], f"× {thing['quantity']}", note=thing["reason"])
