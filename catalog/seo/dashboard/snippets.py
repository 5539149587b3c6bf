"""The preview beside the fields of one product or category, while somebody types."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.vary import vary_on_headers

from catalog.models import Category, Product
from catalog.paths import key_of
from catalog.seo.dashboard.previews import Snippet, product_words, rules_now, snippet_make, texts_by
from catalog.seo.head import Own, shop_words
from catalog.seo.models import PageKind
from catalog.seo.words import ABOUT, plain

NAMES = {PageKind.PRODUCT: "title", PageKind.CATEGORY: "name"}
TYPED_AT_MOST = 2000  # characters of one field that are looked at


@vary_on_headers("HX-Request")
def snippet(request: HttpRequest, kind: str) -> HttpResponse:
    """``kind`` and ``?pk=`` name the row, the rest are the fields of its form."""
    if kind not in NAMES:
        raise Http404
    typed = {name: text[:TYPED_AT_MOST].replace("\x00", "") for name, text in request.GET.items()}
    snippets = row_snippets(kind, key_of(typed.get("pk", "")), typed)
    return render(request, "seo/_snippets.html", {"snippets": snippets})


def row_snippets(kind: str, pk: int, typed: dict[str, str] | None = None) -> list[Snippet]:
    """How the row's page would look if ``typed`` (fields of its form) were saved."""
    typed = typed or {}
    model = Product if kind == PageKind.PRODUCT else Category
    row = model.objects.filter(pk=pk).first()
    snippets = []
    for language, rule in rules_now(kind).items():
        column = language.replace("-", "_")

        def said(name: str, column: str = column) -> str:
            own = getattr(row, f"{name}_{column}", "") if row else ""
            return typed.get(f"{name}_{column}", own or "").strip()

        with override(language):
            words = shop_words()
            if row is None:
                path = "/"
            else:
                path = row.get_absolute_url()
                words |= product_words(row) if kind == PageKind.PRODUCT else {"count": "24"}
            if name := said(NAMES[kind]) or said(NAMES[kind], settings.LANGUAGE_CODE):
                words["name"] = name
            about = said("description") or said("description", settings.LANGUAGE_CODE)
            words[ABOUT] = plain(about)
            own = Own(said("meta_title"), said("meta_description"))
            title, text = texts_by(kind, rule, words, own)
        snippets.append(snippet_make(language=language, path=path, title=title, text=text))
    return snippets
