"""What is said of a complaint, to its receiver and at the desk."""

from typing import Any

from django.utils.translation import gettext as _

from orders.links import OrderLinks
from orders.returns.models import Complaint
from orders.returns.states import ComplaintKind, Remedy


class ComplaintPage:
    """One complaint for one reader."""

    def __init__(self, complaint: Complaint, links: OrderLinks) -> None:
        self.complaint = complaint
        self.links = links

    @property
    def title(self) -> str:
        return str(ComplaintKind(self.complaint.kind).label)

    @property
    def sentence(self) -> str:
        """What became of it."""
        return {
            "": _("We are looking into it and write to you within one working day."),
            Remedy.AGAIN: _("We are sorry. It is sent to you once more, for nothing."),
            Remedy.MONEY: _("We are sorry. Your money is on its way back; keep what you have."),
            Remedy.BACK: _("We are sorry. Please send it to us; the way back is on us."),
            Remedy.WORDS: _("We are sorry for the trouble. Here is what we found out."),
        }[self.complaint.remedy]

    @property
    def next_url(self) -> str:
        """Where it goes on: the return, the order that follows, or the order itself."""
        if self.complaint.back is not None:
            return self.links.return_page(self.complaint.back.number)
        if self.complaint.again is not None:
            return self.links.of(self.complaint.again.order)
        return self.links.page

    @property
    def things(self) -> list[dict[str, Any]]:
        return [thing_of(line) for line in self.complaint.lines.all()]


def thing_of(line: Any) -> dict[str, Any]:
    """A line of a complaint as pages show it."""
    sold = line.order_line
    title = sold.product.get_title() if sold.product else sold.title
    return {"title": title, "quantity": line.quantity, "sku": sold.partner_sku}
