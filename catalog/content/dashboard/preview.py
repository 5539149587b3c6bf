"""How a text that is being written will look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from catalog.content.markup import TEXT_AT_MOST, html_made, names_in
from catalog.content.reading import text_stretches
from catalog.content.services import families_named

FIELDS = ("body_en", "body_zh_hans", "answer_en", "answer_zh_hans")


def text_preview(request: HttpRequest) -> HttpResponse:
    """A fragment for the one text that was sent; writes nothing."""
    text = next((request.POST[name] for name in FIELDS if name in request.POST), "")
    if len(text) > TEXT_AT_MOST:
        return HttpResponse(_("This text is too long."), status=422)
    html = html_made(text, families=families_named(names_in(text)))
    return render(request, "content/_prose.html", {"stretches": text_stretches(html)})
