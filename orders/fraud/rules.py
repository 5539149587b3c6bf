"""The rules: each a small object that finds something or nothing. How they are set is in `FraudRule`.

A new rule is a class here and a line in `RULES`; its words are looked up when they are read, so that
everybody reads them in their language.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from orders.checkout.countries import country_name
from orders.fraud.facts import Facts, Sought
from shop.core.money import shown

Text = str | Promise
COUNTED_TO = 200  # orders of the same; a reviewer learns nothing from more


@dataclass(frozen=True)
class Param:
    """A number that the team may set, or a list of words (``is_list``)."""

    name: Text
    default: Any
    least: int = 1
    most: int = 1_000_000
    is_list: bool = False


@dataclass(frozen=True)
class Rule(ABC):
    """``find`` gives the facts of what it found, or None; ``words`` say them."""

    code: str
    name: Text
    weight: int
    params: Mapping[str, Param] = field(default_factory=dict)

    @abstractmethod
    def find(self, facts: Facts, params: Mapping[str, Any]) -> dict[str, Any] | None: ...

    @abstractmethod
    def words(self, facts: Mapping[str, Any]) -> str: ...


@dataclass(frozen=True)
class Counting(Rule):
    """It looks at other orders of the same. ``counted``: a field of FraudCheck; ``what``: of `facts.COUNTS`."""

    what: ClassVar[str]
    counted: str = ""

    def wanted(self, params: Mapping[str, Any]) -> Sought:
        """What it wants to have counted."""
        most = max(COUNTED_TO, params.get("orders", 0) + 1)
        return Sought(self.what, self.counted, params["hours"], most)


class Velocity(Counting):
    """Many orders of the same in a short time."""

    what = "orders"

    def find(self, facts: Facts, params: Mapping[str, Any]) -> dict[str, Any] | None:
        sought = self.wanted(params)
        orders, _nothing = facts.counted(sought)
        found = {"orders": orders, "hours": sought.hours, "is_more": orders >= sought.most}
        return found if orders > params["orders"] else None

    def words(self, facts: Mapping[str, Any]) -> str:
        said = ngettext("%(orders)d order", "%(orders)d orders", facts["orders"]) % facts
        if facts.get("is_more"):
            said = _("%(orders)d orders or more") % facts
        return _("%(name)s: %(said)s in %(hours)d hours") % {
            "name": self.name,
            "said": said,
            "hours": facts["hours"],
        }


class RefusedElsewhere(Counting):
    """Cards are tried over many orders, few times in each. In one alone `Refusals` finds them."""

    what = "refused"

    def find(self, facts: Facts, params: Mapping[str, Any]) -> dict[str, Any] | None:
        times, orders = facts.counted(self.wanted(params))
        is_many = times >= params["times"] and orders > 1
        return {"times": times, "orders": orders, "hours": params["hours"]} if is_many else None

    def words(self, facts: Mapping[str, Any]) -> str:
        return _("%(name)s: %(times)d times in %(orders)d orders, in %(hours)d hours") % {
            "name": self.name,
            **facts,
        }


class Shared(Counting):
    """One card pays for people who have nothing in common."""

    what = "people"

    def find(self, facts: Facts, params: Mapping[str, Any]) -> dict[str, Any] | None:
        people = facts.people(self.wanted(params))
        found = {"people": people, "hours": params["hours"]}
        return found if people >= params["people"] else None

    def words(self, facts: Mapping[str, Any]) -> str:
        return _("One card paid for %(people)d different people in %(hours)d hours") % facts


class Mismatch(Rule):
    """It goes to one country and is paid from another."""

    def find(self, facts: Facts, params: Mapping[str, Any]) -> dict[str, Any] | None:
        countries = facts.countries
        return countries if len(set(countries.values())) > 1 else None

    def words(self, facts: Mapping[str, Any]) -> str:
        names = {"delivery": _("delivery"), "billing": _("invoice"), "card": _("card")}
        said = [f"{names[key]} {country_name(code)}" for key, code in facts.items()]
        return _("Countries differ: %(countries)s") % {"countries": ", ".join(said)}


class FirstHigh(Rule):
    """Somebody who never bought here buys for much."""

    def find(self, facts: Facts, params: Mapping[str, Any]) -> dict[str, Any] | None:
        is_high = facts.total >= Decimal(params["amount"])
        return {"total": str(facts.total)} if is_high and facts.is_first else None

    def words(self, facts: Mapping[str, Any]) -> str:
        amount = shown(
            Decimal(facts["total"]), settings.OSCAR_DEFAULT_CURRENCY, get_language() or "en"
        )
        return _("A first order, and of %(amount)s") % {"amount": amount}


class Refusals(Rule):
    """Cards were tried until one paid."""

    def find(self, facts: Facts, params: Mapping[str, Any]) -> dict[str, Any] | None:
        return {"times": facts.refusals} if facts.refusals >= params["times"] else None

    def words(self, facts: Mapping[str, Any]) -> str:
        return ngettext(
            "A card was refused %(times)d time",
            "Cards were refused %(times)d times",
            facts["times"],
        ) % {"times": facts["times"]}


class Disposable(Rule):
    """A mailbox that is thrown away after use."""

    def find(self, facts: Facts, params: Mapping[str, Any]) -> dict[str, Any] | None:
        parts = facts.domain.split(".")
        tails = {".".join(parts[place:]) for place in range(len(parts) - 1)}
        found = tails & set(params["domains"])
        return {"domain": min(found)} if found else None

    def words(self, facts: Mapping[str, Any]) -> str:
        return _("A throw-away mailbox: %(domain)s") % {"domain": facts["domain"]}


def _velocity(code: str, name: Text, counted: str, weight: int, orders: int, hours: int) -> Rule:
    params = {
        "orders": Param(gettext_lazy("More orders than"), orders),
        "hours": Param(gettext_lazy("in so many hours"), hours, most=24 * 90),
    }
    return Velocity(code, name, weight, params, counted)


def _refused(code: str, name: Text, counted: str, weight: int, times: int, hours: int) -> Rule:
    params = {
        "times": Param(gettext_lazy("From so many refusals on"), times, least=2),
        "hours": Param(gettext_lazy("in so many hours"), hours, most=24 * 90),
    }
    return RefusedElsewhere(code, name, weight, params, counted)


THROWN_AWAY = [
    "10minutemail.com",
    "dispostable.com",
    "fakeinbox.com",
    "getnada.com",
    "guerrillamail.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mohmal.com",
    "sharklasers.com",
    "temp-mail.org",
    "tempmail.com",
    "throwawaymail.com",
    "trashmail.com",
    "yopmail.com",
]

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        _velocity("by_email", gettext_lazy("Same e-mail"), "email", 30, 5, 24),
        _velocity("by_place", gettext_lazy("Same address"), "place", 20, 5, 24),
        _velocity("by_network", gettext_lazy("Same network address"), "network", 15, 10, 1),
        _velocity("by_card", gettext_lazy("Same card"), "card", 35, 3, 24),
        Mismatch("countries", gettext_lazy("Countries differ"), 35),
        FirstHigh(
            "first_high",
            gettext_lazy("First order of high value"),
            35,
            {"amount": Param(gettext_lazy("From this amount on"), 500, most=10_000_000)},
        ),
        Refusals(
            "refusals",
            gettext_lazy("Refused cards before one paid"),
            35,
            {"times": Param(gettext_lazy("From so many refusals on"), 3)},
        ),
        _refused("refused_email", gettext_lazy("Refused cards, same e-mail"), "email", 35, 4, 24),
        _refused(
            "refused_network",
            gettext_lazy("Refused cards, same network address"),
            "network",
            30,
            6,
            24,
        ),
        _refused(
            "refused_card", gettext_lazy("Refused cards, paid by the same card"), "card", 35, 4, 24
        ),
        Shared(
            "shared_card",
            gettext_lazy("One card, different people"),
            35,
            {
                "people": Param(gettext_lazy("From so many people on"), 2, least=2),
                "hours": Param(gettext_lazy("in so many hours"), 24 * 30, most=24 * 90),
            },
            "card",
        ),
        Disposable(
            "disposable",
            gettext_lazy("Throw-away mailbox"),
            35,
            {"domains": Param(gettext_lazy("Domains"), THROWN_AWAY, is_list=True)},
        ),
    )
}

BLOCKED, TRUSTED = "blocked", "trusted"  # of the lists; they are no rules, for nobody weighs them


def reason_words(reason: Mapping[str, Any]) -> str:
    """One reason of a check, for people. A rule that is gone is named by its code."""
    code, facts = reason["code"], reason.get("facts", {})
    if code == BLOCKED:
        return _("Blocked: %(shown)s") % facts
    if code == TRUSTED:
        return _("Trusted: %(shown)s") % facts
    rule = RULES.get(code)
    return rule.words(facts) if rule else str(code)
