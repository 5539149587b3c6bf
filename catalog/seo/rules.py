"""The rules in use, ready and kept: every page asks for one, none asks the database.

Whoever keeps whole pages listens to ``rules_changed``: every page's head may be another one then.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.dispatch import Signal
from django.utils.translation import get_language

from catalog.seo.kinds import KINDS
from catalog.seo.models import PageRule, ShareCard

RULES_SECONDS = 60  # how long an old rule may hold if the cache missed its end
KEY = "catalog.seo.rules"

rules_changed = Signal()  # sent after the commit of a change


@dataclass(frozen=True)
class Rule:
    title: str
    description: str


@dataclass(frozen=True)
class Kept:
    """By language: the rules that somebody wrote, and the shop's own card."""

    rules: dict[str, dict[str, Rule]]
    cards: dict[str, str]


def rule_of(kind: str) -> Rule:
    """What pages of ``kind`` say in the reader's language. No query while the rules are kept."""
    language = get_language() or settings.LANGUAGE_CODE
    return rules_of(language).get(kind) or rule_usual(kind)


def rule_usual(kind: str) -> Rule:
    """The rule of a shop where nobody decided anything."""
    facts = KINDS[kind]
    return Rule(title=facts.title, description=facts.description)


def rules_of(language: str) -> dict[str, Rule]:
    """Those that the operator wrote in ``language``, with the usual ones in their gaps."""
    return _kept().rules.get(language, {})


def shop_card_name() -> str:
    """The stored name of the shop's own card in the reader's language; "" until it is made."""
    return _kept().cards.get(get_language() or settings.LANGUAGE_CODE, "")


def _kept() -> Kept:
    found = cache.get(KEY)
    if found is None:
        rows = ShareCard.objects.filter(product=None).values_list("language", "image")
        rules = {code: _rules_read(code) for code, _name in settings.LANGUAGES}
        found = Kept(rules=rules, cards=dict(rows))
        cache.set(KEY, found, RULES_SECONDS)
    return found


def rules_forget() -> None:
    """The next page reads them anew; kept pages are told."""
    cache.delete(KEY)
    rules_changed.send(sender=PageRule)


def _rules_read(language: str) -> dict[str, Rule]:
    column = language.replace("-", "_")
    rows = PageRule.objects.values_list("kind", f"title_{column}", f"description_{column}")
    rules = {}
    for kind, title, description in rows:
        if kind in KINDS and (title or description):
            usual = rule_usual(kind)
            rules[kind] = Rule(title or usual.title, description or usual.description)
    return rules
