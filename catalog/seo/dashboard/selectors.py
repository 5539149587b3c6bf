"""What is wrong with titles, descriptions, pictures and translations, found by the database.

Widths are reckoned there as ``octets + characters``, ten pixels for a Latin letter of a title and
twenty for a Chinese one: within a tenth of `seo.widths`, which the row itself is measured with.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Transform,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Length, NullIf, Trim
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalog.facts.models import Brand
from catalog.listing.models import CollectionText
from catalog.models import Category, Product, ProductImage
from catalog.seo.head import shop_words
from catalog.seo.models import PageKind
from catalog.seo.rules import rule_of
from catalog.seo.widths import TEXT_PIXELS, TEXT_SIZE, TITLE_PIXELS, TITLE_SIZE, pixels
from catalog.seo.words import filled

LANGUAGES = [code.replace("-", "_") for code, _name in settings.LANGUAGES]
FIRST, CHINESE = LANGUAGES[0], "zh_hans"


class Octets(Transform):
    function = "OCTET_LENGTH"
    lookup_name = "octets"
    output_field = IntegerField()


@dataclass(frozen=True)
class Subject:
    """Rows that have pages: which, what they are called and where they are mended."""

    kind: str
    rows: QuerySet[Any]
    name: str  # column of the name, without its language
    url_name: str  # of the form that mends it
    keyword: str = "pk"


def subject_of(kind: str) -> Subject:
    if kind == PageKind.CATEGORY:
        rows = Category.objects.browsable()
        return Subject(kind, rows, "name", "catalogue-category-update")
    if kind == PageKind.BRAND:
        return Subject(kind, Brand.objects.all(), "name", "brand-update")
    if kind == PageKind.COLLECTION:
        rows = CollectionText.objects.filter(range__is_public=True)
        return Subject(kind, rows, "name", "collection-update")
    rows = Product.objects.browsable().filter(parent=None)
    return Subject(PageKind.PRODUCT, rows, "title", "catalogue-product")


PROBLEMS = {
    "no_text": _("No description"),
    "long_title": _("Title too long"),
    "long_text": _("Description too long"),
    "same_title": _("Title used twice"),
    "same_text": _("Description used twice"),
    "no_chinese": _("No Chinese"),
    "no_alt": _("Picture without words"),
}


def pages_to_mend(*, kind: str, problem: str = "", text: str = "") -> QuerySet[Any]:
    """Rows with at least one problem (or this one), each with a boolean per problem of PROBLEMS.

    One query, with one more to count.
    """
    subject = subject_of(kind)
    rows = subject.rows
    if text:
        named = Q()
        for code in LANGUAGES:
            named |= Q(**{f"{subject.name}_{code}__icontains": text})
        rows = rows.filter(named)
    rows = rows.annotate(**_said(subject))
    rows = rows.annotate(**_counts())
    rows = rows.annotate(**{name: _flag(found) for name, found in _problems(subject).items()})
    wanted = [problem] if problem in PROBLEMS else list(PROBLEMS)
    any_of = Q()
    for name in wanted:
        any_of |= Q(**{name: True})
    return rows.filter(any_of).order_by("pk")


def _said(subject: Subject) -> dict[str, Any]:
    """What each page says in each language: its own words, else its name or text."""
    found = {}
    for code in LANGUAGES:
        name = _text(f"{subject.name}_{code}", f"{subject.name}_{FIRST}")
        found[f"own_title_{code}"] = _text(f"meta_title_{code}")
        found[f"own_text_{code}"] = _text(f"meta_description_{code}")
        found[f"said_title_{code}"] = Coalesce(_text(f"meta_title_{code}"), name)
        found[f"said_text_{code}"] = Coalesce(
            _text(f"meta_description_{code}"), _text(f"description_{code}", f"description_{FIRST}")
        )
    return found


def _text(*columns: str) -> Any:
    """The first of the columns that is not empty; NULL for none."""
    texts = [NullIf(Trim(F(column)), Value(""), output_field=CharField()) for column in columns]
    return Coalesce(*texts) if len(texts) > 1 else texts[0]


def _counts() -> dict[str, Any]:
    """How many pages of the kind say the same."""
    return {
        f"{what}_times_{code}": Window(Count("pk"), partition_by=F(f"said_{what}_{code}"))
        for what in ("title", "text")
        for code in LANGUAGES
    }


def _problems(subject: Subject) -> dict[str, Q]:
    problems = dict.fromkeys(PROBLEMS, Q(pk__in=[]))
    for code in LANGUAGES:
        said_title = Q(**{f"said_title_{code}__isnull": False})
        said_text = Q(**{f"said_text_{code}__isnull": False})
        problems["no_text"] |= ~said_text
        problems["same_title"] |= said_title & Q(**{f"title_times_{code}__gt": 1})
        problems["same_text"] |= said_text & Q(**{f"text_times_{code}__gt": 1})
        problems["long_title"] |= _too_long(subject.kind, code)
        problems["long_text"] |= _wider(f"own_text_{code}", TEXT_PIXELS, TEXT_SIZE)
    chinese = f"{subject.name}_{CHINESE}"
    problems["no_chinese"] = Q(**{f"{chinese}__isnull": True}) | Q(**{chinese: ""})
    if subject.kind == PageKind.PRODUCT:
        bare = ProductImage.objects.filter(Q(caption="") | Q(caption=None), product=OuterRef("pk"))
        problems["no_alt"] = Q(Exists(bare))
    return problems


def _too_long(kind: str, code: str) -> Q:
    """Its own title, or what the rule makes of its name."""
    with override(code.replace("_", "-")):
        words = {
            "name": "",
            "brand": "",
            "category": "",
            "price_from": "",
            "count": "",
            "about": "",
        }
        rest = pixels(filled(rule_of(kind).title, words | shop_words()), TITLE_SIZE)
    own = Q(**{f"own_title_{code}__isnull": False})
    by_rule = _wider(f"said_title_{code}", TITLE_PIXELS - rest, TITLE_SIZE)
    return (own & _wider(f"own_title_{code}", TITLE_PIXELS, TITLE_SIZE)) | (~own & by_rule)


def _wider(column: str, most: int, size: int) -> Q:
    """More than ``most`` pixels wide with letters ``size`` high."""
    width = ExpressionWrapper(
        (Octets(F(column)) + Length(F(column))) * Value(size), output_field=IntegerField()
    )
    return Q(GreaterThan(width, Value(most * 4)))


def _flag(found: Q) -> Any:
    return Case(When(found, then=Value(True)), default=Value(False), output_field=BooleanField())
