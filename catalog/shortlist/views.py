"""Compare and recently viewed. Both live in cookies of the browser; only a POST changes them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView

from catalog.cards import cards_make
from catalog.models import Product
from catalog.recommend.rails import visitor_rail
from catalog.selectors import with_card_facts
from catalog.shortlist.comparison import comparison_make
from catalog.shortlist.cookies import COMPARED, ID_DIGITS, RECENT, ids_parse
from shop.core.redirects import next_path


def number_of(text: str) -> int:
    """An id from a form; 0, which no row has, for what cannot be one."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= ID_DIGITS
    return int(text) if is_number else 0


def next_url(request: HttpRequest, fallback: str) -> str:
    return next_path(request, request.POST.get("next", ""), fallback)


@method_decorator([never_cache, vary_on_headers("HX-Request", "Cookie")], name="dispatch")
class CompareView(TemplateView):
    """``?ids=12-7`` shows those and can be shared; without it, what this browser compares."""

    template_name = "shortlist/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = ids_parse(self.request.GET.get("ids", ""), limit=COMPARED.limit)
        own = COMPARED.read(self.request)
        comparison = comparison_make(shared or own)
        ids = [card.pk for card in comparison.cards]
        only_differences = self.request.GET.get("differences") == "1" and len(ids) > 1
        there = f"{reverse('shortlist:compare')}?ids={'-'.join(map(str, ids))}"
        return super().get_context_data(
            **kwargs,
            comparison=comparison,
            columns=[
                {"card": card, "without": f"{there.partition('?')[0]}?ids={_without(ids, card.pk)}"}
                for card in comparison.cards
            ],
            rows=[row for row in comparison.rows if row.differs or not only_differences],
            only_differences=only_differences,
            is_shared=bool(shared) and ids != own,
            link=there,
            most=COMPARED.limit,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """``add``, ``remove``, ``keep`` (ids of a shared page) or ``clear``."""
        ids, refused, done = COMPARED.read(request), "", ""
        added, removed = number_of(request.POST.get("add", "")), request.POST.get("remove", "")
        if "clear" in request.POST:
            ids = []
        elif "keep" in request.POST:
            ids = _shown(ids_parse(request.POST["keep"], limit=COMPARED.limit))
        elif removed:
            ids = [pk for pk in ids if pk != number_of(removed)]
            done = _("Not compared any more.")
        elif added not in ids:
            ids, refused, done = self._add(ids, added)
        response = self._answer(request, ids, refused, done, added or number_of(removed))
        COMPARED.write(response, ids)
        return response

    def _add(self, ids: list[int], added: int) -> tuple[list[int], str, str]:
        ids = _shown(ids)  # what is hidden by now must not take a place
        if not _shown([added]):
            return ids, _("This is not for sale any more, so it cannot be compared."), ""
        if len(ids) >= COMPARED.limit:
            text = _("You compare %(most)d things already. Take one out first.")
            return ids, text % {"most": COMPARED.limit}, ""
        return [*ids, added], "", _("Taken into the comparison.")

    def _answer(
        self, request: HttpRequest, ids: list[int], refused: str, done: str, changed: int
    ) -> HttpResponse:
        if request.headers.get("HX-Request") == "true" and changed:
            context = {
                "product_id": changed,
                "is_compared": changed in ids,
                "count": len(ids),
                "refused": refused,
                "next": next_url(request, ""),
            }
            status = 422 if refused else 200
            return render(request, "shortlist/_compare_answer.html", context, status=status)
        if refused:
            messages.error(request, refused)
        elif done:
            messages.success(request, done)
        return redirect(next_url(request, reverse("shortlist:compare")))


@method_decorator([never_cache, vary_on_headers("Cookie")], name="dispatch")
class RecentView(TemplateView):
    """What this browser looked at, and what follows from it. A POST forgets it."""

    template_name = "shortlist/recent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ids = _shown(RECENT.read(self.request))
        found = with_card_facts(Product.objects.browsable()).in_bulk(ids)
        return super().get_context_data(
            **kwargs,
            recent=cards_make([found[pk] for pk in ids if pk in found]) if ids else [],
            cards=visitor_rail(self.request, without=ids),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        messages.success(request, _("Forgotten. Nothing was kept anywhere else."))
        response = redirect(next_url(request, reverse("shortlist:recent")))
        RECENT.write(response, [])
        return response


def _shown(ids: list[int]) -> list[int]:
    """Those of ``ids`` that are families on sale, in their order."""
    if not ids:
        return []
    there = set(Product.objects.browsable().filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in there]


def _without(ids: list[int], gone: int) -> str:
    return "-".join(str(pk) for pk in ids if pk != gone)
