"""What the rules about returns come to, in sentences for the shopper."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from orders.fulfilment.models import Shipment
from orders.models import Order
from orders.returns.models import ReturnPolicy
from orders.returns.selectors import Returnable, returnables_of
from orders.returns.states import Condition, ReturnReason

YEAR = 365


@dataclass(frozen=True)
class Offer:
    """Whether something of an order may come back now; ``sentence``: why, and until when."""

    is_open: bool
    sentence: str


def return_offer(order: Order) -> Offer | None:
    """None where nothing has left yet, nothing was to be sent, or nothing of it arrived."""
    lines = returnables_of(order)
    if all(one.line.units_failed >= one.shipped for one in lines):
        return None
    left = [one for one in lines if one.left]
    if not left:
        return Offer(False, _("All of it is in a return already."))
    today = timezone.localdate()
    open_lines = [one for one in left if one.reasons(today)]
    if not open_lines:
        day = max(_last_day(one) for one in left)
        return Offer(False, _("You could send it back until %(day)s.") % {"day": _day(day)})
    return Offer(True, _open_sentence(open_lines, today))


def policy_sentences(policy: ReturnPolicy) -> list[str]:
    """The rule in words: how long, in which condition, who pays the way back."""
    return [
        _mind_sentence(policy),
        *([_worse_sentence(policy)] if policy.days and policy.worse_percent else []),
        _fault_sentence(policy),
        _way_sentence(policy),
    ]


def policies_shown(lines: Sequence[Returnable]) -> list[ReturnPolicy]:
    """The rules behind these lines, each once."""
    return list({one.policy.pk: one.policy for one in lines}.values())


def duration(days: int) -> str:
    """730 is "2 years"; 30 is "30 days"."""
    if days >= YEAR and days % YEAR == 0:
        years = days // YEAR
        return ngettext("%(number)d year", "%(number)d years", years) % {"number": years}
    return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}


def reasons_listed(codes: Sequence[str]) -> str:
    """“arrived damaged, it broke or does not work” …, in the order of the form."""
    names = [str(one.label) for one in ReturnReason if one in codes]
    return listed(
        name if name.startswith("I ") else f"{name[0].lower()}{name[1:]}" for name in names
    )


def listed(words: Iterable[str]) -> str:
    """One after the other, as the reader's language divides them."""
    text = pgettext("things of a list", "%(first)s, %(second)s")
    return reduce(lambda first, second: text % {"first": first, "second": second}, words)


def _mind_sentence(policy: ReturnPolicy) -> str:
    if not policy.days:
        return _("It cannot come back for a change of mind.")
    text = _("It may come back within %(time)s after delivery, %(condition)s.")
    condition = Condition(policy.condition).label
    return text % {"time": duration(policy.days), "condition": condition}


def _worse_sentence(policy: ReturnPolicy) -> str:
    text = _("If it comes back in a worse condition we may take off up to %(percent)s %%.")
    return text % {"percent": policy.worse_percent}


def _fault_sentence(policy: ReturnPolicy) -> str:
    text = _("If something is wrong with it you have %(time)s.")
    if policy.repairs:
        text = _("If something is wrong with it you have %(time)s; we can repair it, too.")
    return text % {"time": duration(policy.fault_days)}


def _way_sentence(policy: ReturnPolicy) -> str:
    if not policy.free_reasons:
        return _("You pay the way back.")
    text = _("We pay the way back if you tell us: %(reasons)s.")
    return text % {"reasons": reasons_listed(policy.free_reasons)}


def _open_sentence(lines: Sequence[Returnable], today: dt.date) -> str:
    if lines[0].arrived is None:
        if Shipment.objects.filter(
            order=lines[0].line.order_id, delivered_at__isnull=False
        ).exists():
            return _(
                "You can send back what has arrived already, or tell us what is wrong with it."
            )
        return _("You may send it back once it has arrived, or tell us what is wrong with it.")
    by_choice = [one for one in lines if ReturnReason.MIND in one.reasons(today)]
    if by_choice:
        day = max(_known(one.until(ReturnReason.MIND)) for one in by_choice)
        return _("You can send it back until %(day)s.") % {"day": _day(day)}
    day = max(_known(one.until(ReturnReason.BROKEN)) for one in lines)
    text = _("If something is wrong with it, you can send it back until %(day)s.")
    return text % {"day": _day(day)}


def _last_day(one: Returnable) -> dt.date:
    return max(_known(one.until(ReturnReason.MIND)), _known(one.until(ReturnReason.BROKEN)))


def _known(day: dt.date | None) -> dt.date:
    return day or dt.date.min


def _day(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")
