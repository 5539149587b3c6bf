"""What a search engine would show of a page, with how much room it takes."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.models import Category, Product
from catalog.seo.addresses import HREFLANG, absolute, with_language, without_language
from catalog.seo.head import Own, shop_words
from catalog.seo.kinds import KINDS
from catalog.seo.models import PageKind
from catalog.seo.rules import Rule, rule_of
from catalog.seo.widths import (
    TEXT_LEAST,
    TEXT_PIXELS,
    TEXT_SIZE,
    TITLE_PIXELS,
    TITLE_SIZE,
    fitted,
    pixels,
)
from catalog.seo.words import ABOUT, described, filled, plain
from catalog.specs import brand_of


@dataclass(frozen=True)
class Measure:
    """How long a text is: characters, pixels, and the pixels that are shown. ``note`` warns."""

    characters: int
    pixels: int
    most: int
    note: str

    @property
    def is_over(self) -> bool:
        return self.pixels > self.most


@dataclass(frozen=True)
class Snippet:
    """One result as it would stand in a list. ``title`` and ``text`` are cut as there."""

    language: str
    lang: str
    address: str
    title: str
    text: str
    title_measure: Measure
    text_measure: Measure


def snippet_make(*, language: str, path: str, title: str, text: str) -> Snippet:
    """In the language of the person at the desk but for ``title`` and ``text``."""
    names = dict(settings.LANGUAGES)
    return Snippet(
        language=str(names[language]),
        lang=HREFLANG.get(language, language),
        address=absolute(with_language(without_language(path), language)),
        title=fitted(title, TITLE_PIXELS, TITLE_SIZE),
        text=fitted(text, TEXT_PIXELS, TEXT_SIZE),
        title_measure=_measure(title, TITLE_PIXELS, TITLE_SIZE, least=0),
        text_measure=_measure(text, TEXT_PIXELS, TEXT_SIZE, least=TEXT_LEAST),
    )


def _measure(text: str, most: int, size: int, *, least: int) -> Measure:
    wide = pixels(text, size)
    if not text:
        note = _("Empty: a search engine picks some words of the page.")
    elif wide > most:
        note = _("Longer than what is shown; the end will be cut.")
    elif wide < least:
        note = _("Short: there is room to say more.")
    else:
        note = ""
    return Measure(characters=len(text), pixels=wide, most=most, note=note)


def rule_snippets(kind: str, rules: dict[str, Rule]) -> list[Snippet]:
    """How a page of ``kind`` would look under ``rules`` (by language); a real page as example."""
    snippets = []
    for language, rule in rules.items():
        with override(language):
            path, words = example_of(kind)
            title, text = texts_by(kind, rule, words)
        snippets.append(snippet_make(language=language, path=path, title=title, text=text))
    return snippets


def texts_by(
    kind: str, rule: Rule, words: dict[str, str], own: Own | None = None
) -> tuple[str, str]:
    """Title and description under a rule that need not be in use."""
    own = own or Own()
    title = filled(own.title or rule.title, words) or words.get("name") or words["shop"]
    text = described(own.description or rule.description, words)
    if not text and KINDS[kind].spare:
        text = described(str(KINDS[kind].spare), words)
    return title, text


def example_of(kind: str) -> tuple[str, dict[str, str]]:
    """Path and words of a page of this kind, in the current language; made up where there is none."""
    words = shop_words() | {ABOUT: _("The beginning of the page’s own text stands here.")}
    if kind == PageKind.PRODUCT:
        products = Product.objects.browsable().select_related("facts__brand")
        if product := products.order_by("-priority", "pk").first():
            return product.get_absolute_url(), words | product_words(product)
    category = Category.objects.browsable().order_by("path").first()
    if kind == PageKind.CATEGORY and category:
        facts = {"name": category.name, "count": "24", ABOUT: plain(category.description or "")}
        return category.get_absolute_url(), words | facts
    made_up = {name: _EXAMPLES.get(name, "") for name in KINDS[kind].words if name not in words}
    if "name" in made_up:
        made_up["name"] = _("The page’s name")
    return "/", words | made_up


_EXAMPLES = {"count": "24", "brand": "Stillwater", "price_from": "€12.50"}


def product_words(product: Product) -> dict[str, str]:
    """What a rule may say of a product, but for its price: that depends on the reader."""
    from catalog.cards import offers_of, price_shown

    brand = brand_of(product)
    category = product.categories.filter(is_public=True).order_by("-depth").first()
    return {
        "name": product.title,
        "brand": brand.name if brand else "",
        "category": category.name if category else "",
        "price_from": price_shown(offers_of([product])[product.pk]),
        ABOUT: plain(product.description or ""),
    }


def rules_now(kind: str) -> dict[str, Rule]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found[language] = rule_of(kind)
    return found
