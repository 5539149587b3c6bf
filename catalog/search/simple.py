"""Search by words in names and descriptions of both languages."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from catalog.models import Product
from catalog.selectors import products_listed

WORDS_AT_MOST = 8
LENGTH_AT_MOST = 200
NAMES = ("title_en", "title_zh_hans")
TEXTS = ("description_en", "description_zh_hans", "categories__name_en", "categories__name_zh_hans")


def products_found(query: str) -> QuerySet[Product]:
    """Products in which every word of ``query`` occurs; names count before descriptions."""
    words = query[:LENGTH_AT_MOST].split()[:WORDS_AT_MOST]
    found = products_listed()
    if not words:
        return found.none()
    for word in words:
        anywhere = _contains(NAMES + TEXTS, word)
        found = found.filter(pk__in=Product.objects.filter(anywhere).values("pk"))
    in_name = Q()
    for word in words:
        in_name &= _contains(NAMES, word)
    rank = Case(When(in_name, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.order_by(rank, "-priority", "-pk")


def _contains(fields: tuple[str, ...], word: str) -> Q:
    either = Q()
    for field in fields:
        either |= Q(**{f"{field}__icontains": word})
    return either
