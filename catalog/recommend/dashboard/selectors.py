"""Reading suggestions for the back office, banned and sold-out ones too."""

from django.db.models import Count, F, Q, QuerySet

from catalog.models import Product
from catalog.recommend.models import Choice, Run, Shelf, Suggestion

SORTS = {
    "strength": ("-score", "pk"),
    "confidence": ("-confidence", "pk"),
    "lift": ("-lift", "pk"),
    "orders": ("-both", "pk"),
}


def _named(text: str, *prefixes: str) -> Q:
    """Every word of ``text`` in a title or SKU of one of the products (``product__``)."""
    wanted = Q()
    for word in text.split()[:6]:
        one = Q()
        for prefix in prefixes:
            one |= Q(**{f"{prefix}title_en__icontains": word})
            one |= Q(**{f"{prefix}title_zh_hans__icontains": word})
            one |= Q(**{f"{prefix}upc__iexact": word})
        wanted &= one
    return wanted


def rules_found(*, text: str = "", sort: str = "strength") -> QuerySet[Suggestion]:
    """Rules of bought together, with both products."""
    rows = Suggestion.objects.filter(shelf=Shelf.TOGETHER, both__isnull=False)
    rows = rows.filter(_named(text, "product__", "other__"))
    return rows.select_related("product", "other").order_by(*SORTS[sort])


def products_suggested(*, text: str = "") -> QuerySet[Product]:
    """Families with ``together`` and ``pinned``: how many rules and choices stand beside them."""
    return (
        Product.objects.browsable()
        .filter(_named(text, "") | Q(stockrecords__partner_sku__iexact=text.strip()[:120]))
        .annotate(
            together=Count(
                "suggestions", filter=Q(suggestions__shelf=Shelf.TOGETHER), distinct=True
            ),
            held=Count("choices", filter=Q(choices__ended_at=None), distinct=True),
        )
        .order_by("-together", "title", "pk")
    )


def suggestions_of(product: Product) -> list[dict]:
    """Every list beside ``product``, as stored: pins first, bans shown as such."""
    rows = (
        product.suggestions.select_related("other")
        .prefetch_related("other__stockrecords")
        .order_by(F("pin").asc(nulls_last=True), "-score", "pk")
    )
    by_shelf: dict[str, list[Suggestion]] = {}
    for row in rows:
        by_shelf.setdefault(row.shelf, []).append(row)
    return [
        {"shelf": shelf, "name": shelf.label, "rows": by_shelf.get(shelf, [])[:12]}
        for shelf in (Shelf.TOGETHER, Shelf.SIMILAR, Shelf.TASTE)
    ]


def choices_found(*, holding: bool = True, product_id: int | None = None) -> QuerySet[Choice]:
    """Pins and bans that hold, or those that ended; beside one product and everywhere."""
    rows = Choice.objects.filter(ended_at__isnull=holding)
    if product_id is not None:
        rows = rows.filter(Q(product=product_id) | Q(product=None))
    rows = rows.select_related("product", "other", "made_by", "ended_by")
    return rows.order_by("-made_at", "-pk") if holding else rows.order_by("-ended_at", "-pk")


def runs() -> QuerySet[Run]:
    return Run.objects.all()
