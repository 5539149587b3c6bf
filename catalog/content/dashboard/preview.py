"""How a text that is being written will look."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.content.markup import TEXT_AT_MOST, html_made, names_in
from catalog.content.reading import text_stretches
from catalog.content.services import families_named

TEXTS = ("body", "answer")


def text_preview(request: HttpRequest) -> HttpResponse:
    """A fragment for the one text that was sent, in its language; writes nothing."""
    for code, _language in settings.LANGUAGES:
        for name in TEXTS:
            text = request.POST.get(f"{name}_{code.replace('-', '_')}")
            if text is not None:
                return _preview(request, text, code)
    return HttpResponse(_("There is no text to show."), status=422)


def _preview(request: HttpRequest, text: str, language: str) -> HttpResponse:
    if len(text) > TEXT_AT_MOST:
        return HttpResponse(_("This text is too long."), status=422)
    with override(language):
        html = html_made(text, families=families_named(names_in(text)))
        return render(request, "content/_prose.html", {"stretches": text_stretches(html)})
