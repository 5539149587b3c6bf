"""The mails that follow the steps of a return."""

from orders.returns.mails import return_mail_queue
from orders.returns.selectors import returns_read
from shop.core.events import ReturnMoved
from shop.core.outbox import on


@on(ReturnMoved)
def on_return_moved(*, return_id: int, state: str, **facts: object) -> None:
    return_mail_queue(back=returns_read().get(pk=return_id), state=state)
