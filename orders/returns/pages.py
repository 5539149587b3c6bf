"""What a return's page says, in words; shared by guests, members and mails."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from orders.checkout.countries import country_name
from orders.links import OrderLinks
from orders.page_parts import Fact, picture_of
from orders.returns.amounts import units_amount
from orders.returns.models import LinkedOrder, Return
from orders.returns.states import (
    CANCELLABLE,
    ENDED,
    NEXT,
    SENT_WITH_SLIP,
    VOID,
    Condition,
    ReturnState,
    Wish,
)
from orders.returns.words import listed
from payments.wallets.kinds import AS_CREDIT
from shop.core.money import ZERO, shown

WAY = (
    ReturnState.ASKED,
    ReturnState.APPROVED,
    ReturnState.ON_WAY,
    ReturnState.RECEIVED,
    ReturnState.INSPECTED,
)
REPAIR_WAY = (*WAY[:-1], ReturnState.REPAIRING)
TONES = {
    ReturnState.ASKED: "warn",
    ReturnState.APPROVED: "info",
    ReturnState.ON_WAY: "info",
    ReturnState.RECEIVED: "info",
    ReturnState.INSPECTED: "info",
    ReturnState.REFUNDED: "good",
    ReturnState.EXCHANGED: "good",
    ReturnState.REPAIRING: "info",
    ReturnState.REPAIRED: "good",
    ReturnState.REFUSED: "hot",
}


@dataclass(frozen=True)
class ReturnLinks:
    """The addresses of one return for one reader."""

    page: str
    order: str

    @property
    def slip(self) -> str:
        return f"{self.page}slip/"

    @property
    def send(self) -> str:
        return f"{self.page}send/"

    @property
    def cancel(self) -> str:
        return f"{self.page}cancel/"

    @property
    def label(self) -> str:
        return f"{self.page}label/"

    @property
    def drop(self) -> str:
        return f"{self.page}drop/"

    def photo(self, pk: int) -> str:
        return f"{self.page}photos/{pk}/"


class ReturnPage:
    """One return for one reader."""

    def __init__(self, back: Return, links: OrderLinks) -> None:
        self.back = back
        self.order = back.order
        self.links = ReturnLinks(page=links.return_page(back.number), order=links.page)
        self.order_links = links

    @property
    def state_word(self) -> str:
        return str(ReturnState(self.back.state).label)

    @property
    def tone(self) -> str:
        return TONES.get(ReturnState(self.back.state), "")

    @property
    def is_void(self) -> bool:
        return self.back.state in VOID

    @property
    def can_cancel(self) -> bool:
        return self.back.state in CANCELLABLE

    @property
    def can_send(self) -> bool:
        return ReturnState.ON_WAY in NEXT[self.back.state]

    @property
    def has_slip(self) -> bool:
        return self.back.state in SENT_WITH_SLIP

    @property
    def is_free(self) -> bool:
        """Whether the shop pays the way back: it does if it does for any of it."""
        return any(line.is_free for line in self.back.lines.all())

    @property
    def has_label(self) -> bool:
        """Whether the shop's label may be fetched: it pays the way, or somebody made one."""
        return self.has_slip and (self.is_free or self.label is not None)

    @property
    def label(self) -> Any:
        label = self.back.label
        return label if label is not None and label.tracking_number else None

    @cached_property
    def kept(self) -> Any:
        """The order with what is wished in exchange; None before it was kept aside."""
        link = LinkedOrder.objects.filter(back=self.back).select_related("order").first()
        return link.order if link else None

    @property
    def kept_url(self) -> str:
        return self.order_links.of(self.kept) if self.kept else ""

    @property
    def kept_difference(self) -> str:
        """What is to be paid for it, or comes back, as far as one can say before it was seen."""
        if self.kept is None or self.back.state in ENDED:
            return ""
        less = self.kept.total_incl_tax - sum(
            units_amount(line.order_line, first=0, units=line.quantity)
            for line in self.back.lines.all()
        )
        if less > 0:
            text = _("It costs %(amount)s more; we ask for that when we have seen what came.")
        elif less < 0:
            text = _("It costs %(amount)s less; that comes back the way you paid.")
        else:
            return _("It costs the same, so there is nothing to pay.")
        return text % {"amount": self.money(abs(less))}

    @property
    def address(self) -> list[str]:
        """Where it goes; a country's code at the end is written out in the reader's language."""
        lines = [part.strip() for part in settings.RETURN_ADDRESS.split("|") if part.strip()]
        is_code = bool(lines) and len(lines[-1]) == 2 and lines[-1].isupper()
        return [*lines[:-1], country_name(lines[-1])] if is_code else lines

    @property
    def is_repair(self) -> bool:
        """It is to be repaired, as far as one knows."""
        return self.back.wish == Wish.REPAIR

    @property
    def was_in_repair(self) -> bool:
        return any(one.state == ReturnState.REPAIRING for one in self.back.moments.all())

    @property
    def steps(self) -> list[dict[str, str]]:
        names = [str(state.label) for state in (REPAIR_WAY if self.is_repair else WAY[:-1])]
        return [{"name": name} for name in (*names, pgettext("return", "Done"))]

    @property
    def current_step(self) -> int:
        """Counted from 1: the step being waited for; one beyond the last when all is done."""
        way = REPAIR_WAY if self.is_repair else WAY
        if self.back.state not in way:
            return len(self.steps) + 1
        return min(way.index(ReturnState(self.back.state)) + 2, len(self.steps))

    @property
    def sentence(self) -> str:
        """Where the return is, and what happens next."""
        if self.back.state == ReturnState.REFUNDED:
            if self.back.refund and self.back.refund.target == AS_CREDIT:
                words = _("Thank you. %(amount)s is in your account as store credit.")
                return words % {"amount": self.amount}
            return _("Thank you. We send %(amount)s back the way you paid.") % {
                "amount": self.amount
            }
        if self.back.state == ReturnState.REPAIRED:
            way = next((one.note for one in self.moments_ended), "")
            if way:
                return _("It is repaired and on its way to you: %(parcel)s.") % {"parcel": way}
            return _("It is repaired and on its way to you.")
        if self.back.state == ReturnState.INSPECTED and self.was_in_repair:
            return _("We are sorry, it could not be repaired. Your money is next.")
        if self.back.state == ReturnState.RECEIVED and self.is_repair:
            return _("Your parcel is here. The repair is next.")
        if self.back.state == ReturnState.INSPECTED and self.back.wish == Wish.EXCHANGE:
            return _("We have looked at it; your exchange is next.")
        return {
            ReturnState.EXCHANGED: _("Thank you. What you wished for gets ready to leave."),
            ReturnState.ASKED: _("We look at it within one working day and write to you."),
            ReturnState.APPROVED: _("Please send it to us: print the slip, pack, hand it in."),
            ReturnState.REFUSED: _("We are sorry, we cannot take this back."),
            ReturnState.ON_WAY: _("Your parcel is on its way to us."),
            ReturnState.RECEIVED: _("Your parcel is here. We look at what is in it."),
            ReturnState.INSPECTED: _("We have looked at it; your money is next."),
            ReturnState.REPAIRING: _("It is being repaired. We write to you when it is done."),
            ReturnState.CLOSED: _("This return has ended without a refund."),
            ReturnState.CANCELLED: _("This return was cancelled."),
        }[ReturnState(self.back.state)]

    @property
    def why(self) -> str:
        """What the shop wrote when it said no."""
        if self.back.state == ReturnState.REFUSED:
            return self.back.refused_because
        if self.back.state in (ReturnState.CLOSED, ReturnState.CANCELLED):
            return next((one.note for one in self.moments_ended if one.by_shop), "")
        return ""

    @property
    def moments_ended(self) -> list[Any]:
        return [one for one in self.back.moments.all() if one.state == self.back.state]

    @property
    def amount(self) -> str:
        return self.money(self.back.amount)

    @property
    def things(self) -> list[dict[str, Any]]:
        return [self._thing(line) for line in self.back.lines.all()]

    @property
    def title(self) -> str:
        """The first thing in it, and how many more."""
        first, *others = self.things
        if not others:
            return first["title"]
        return _("%(title)s and %(number)d more") % {
            "title": first["title"],
            "number": len(others),
        }

    @property
    def photos(self) -> list[str]:
        return [self.links.photo(photo.pk) for photo in self.back.photos.all()]

    @property
    def totals(self) -> list[Fact]:
        """How the money was counted; nothing before it was."""
        if self.back.refund_id is None:
            return []
        lines = list(self.back.lines.all())
        rows = [
            Fact(thing["title"], self.money(line.amount), note=thing["found"])
            for thing, line in zip(self.things, lines, strict=True)
        ]
        parts = sum(line.amount for line in lines) + self.back.delivery
        if self.back.delivery:
            rows.append(Fact(_("Delivery"), self.money(self.back.delivery)))
        if self.back.state == ReturnState.EXCHANGED:
            return [*rows, *self._exchange_rows()]
        if parts > self.back.amount:
            less = f"−{self.money(parts - self.back.amount)}"
            rows.append(Fact(_("Taken off"), less, "less", note=self._worse_words(lines)))
        return [*rows, Fact(_("Refund"), self.amount, "total")]

    def _worse_words(self, lines: Iterable[Any]) -> str:
        """Why something was taken off, where the reason is how it came back."""
        wanted = {str(Condition(one.condition).label) for one in lines if one.is_worse}
        if not wanted:
            return ""
        return _("It should have come back %(condition)s.") % {"condition": listed(sorted(wanted))}

    def _exchange_rows(self) -> list[Fact]:
        total = self.kept.total_incl_tax if self.kept else ZERO
        rows = [Fact(_("In exchange"), f"−{self.money(total)}", "less")]
        rest = self.back.amount - total
        name = _("Paid on top") if rest < 0 else _("Refund")
        return [*rows, Fact(name, self.money(abs(rest)), "total")]

    @property
    def story(self) -> list[dict[str, Any]]:
        """What happened, newest first, as `components/timeline.html` takes it."""
        labels = dict(ReturnState.choices)
        return [
            {
                "title": labels[one.state],
                "at": one.at,
                "tone": TONES.get(ReturnState(one.state), ""),
                "by": _("us") if one.by_shop else _("you"),
            }
            for one in reversed(self.back.moments.all())
        ]

    def money(self, amount: Any) -> str:
        return shown(amount, self.order.currency, get_language() or "en")

    def _thing(self, line: Any) -> dict[str, Any]:
        sold = line.order_line
        return {
            "title": sold.product.get_title() if sold.product else sold.title,
            "sku": sold.partner_sku,
            "quantity": line.quantity,
            "reason": line.get_reason_display(),
            "swap": line.swap_for.get_title() if line.swap_for else "",
            "comment": line.comment,
            "picture": picture_of(sold.product) if sold.product else None,
            "found": found_words(line),
        }


def found_words(line: Any) -> str:
    """What the warehouse found, as the shopper reads it; nothing before it looked."""
    if line.inspected_at is None:
        return ""
    parts = (
        (line.restock, _("as new: %(units)d")),
        (line.refurbish, _("used: %(units)d")),
        (line.scrap, _("beyond repair: %(units)d")),
        (line.not_received, _("not in the parcel: %(units)d")),
    )
    said = [text % {"units": units} for units, text in parts if units]
    return listed(said)


def return_pages(rows: Iterable[Return], links_of: Any) -> list[ReturnPage]:
    """``links_of``: from an order's number to its links."""
    return [ReturnPage(back, links_of(back.order.number)) for back in rows]
