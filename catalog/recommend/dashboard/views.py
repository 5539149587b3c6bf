"""Recommendations in the back office: rules, products, choices, runs."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product
from catalog.recommend.dashboard import selectors
from catalog.recommend.dashboard.forms import ChoiceForm
from catalog.recommend.exceptions import ChoiceRefused
from catalog.recommend.models import Evaluation, Shelf, percent
from catalog.recommend.rails import product_set, rail_make
from catalog.recommend.selectors import run_last, suggestions_beside
from catalog.recommend.services import choice_end, choice_make
from catalog.recommend.tasks import BUSY, BUSY_SECONDS, recommendations_recompute
from catalog.selectors import with_card_facts
from shop.core.finding import FindForm
from shop.core.office import may
from shop.core.redirects import next_path
from shop.core.tasks import send_quietly

PAGE_SIZE = 40
SORT_NAMES = {
    "strength": gettext_lazy("Beyond chance"),
    "confidence": gettext_lazy("Confidence"),
    "lift": gettext_lazy("Lift"),
    "orders": gettext_lazy("Orders"),
}
TABS = (
    ("recommend-rules", gettext_lazy("Bought together")),
    ("recommend-products", gettext_lazy("By product")),
    ("recommend-choices", gettext_lazy("Pins and bans")),
    ("recommend-runs", gettext_lazy("Runs and figures")),
)


def _shared(request: HttpRequest, here: str) -> dict[str, Any]:
    return {
        "areas": [
            {"name": name, "url": reverse(f"dashboard:{code}"), "is_current": code == here}
            for code, name in TABS
        ],
        "run": run_last(),
        "may_choose": may(request.user, "recommend-choose", "POST"),
        "may_run": may(request.user, "recommend-recompute", "POST"),
    }


def _text(request: HttpRequest) -> tuple[FindForm, str]:
    form = FindForm(request.GET or None, hint=_("Product or SKU"))
    return form, form.text()


def rule_list(request: HttpRequest) -> HttpResponse:
    form, text = _text(request)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORT_NAMES else "strength"
    link = reverse("dashboard:recommend-rules")
    page = Paginator(selectors.rules_found(text=text, sort=sort), PAGE_SIZE)
    context = {
        **_shared(request, "recommend-rules"),
        "form": form,
        "keep": {"sort": sort},
        "text": text,
        "tabs": [
            {"name": name, "url": f"{link}?sort={code}", "is_current": code == sort}
            for code, name in SORT_NAMES.items()
        ],
        "page_obj": page.get_page(request.GET.get("page")),
        "sets_url": reverse("dashboard:set-list") if may(request.user, "set-list") else "",
    }
    return render(request, "recommend/office/rule_list.html", context)


def product_list(request: HttpRequest) -> HttpResponse:
    form, text = _text(request)
    page = Paginator(selectors.products_suggested(text=text), PAGE_SIZE)
    context = {
        **_shared(request, "recommend-products"),
        "form": form,
        "text": text,
        "page_obj": page.get_page(request.GET.get("page")),
    }
    return render(request, "recommend/office/product_list.html", context)


def product_detail(
    request: HttpRequest, pk: int, *, form: ChoiceForm | None = None
) -> HttpResponse:
    """What each recommender says beside one product, what shoppers see of it, pins and bans."""
    product = get_object_or_404(with_card_facts(Product.objects.browsable()), pk=min(pk, 2**63 - 1))
    seen = suggestions_beside(product_id=product.pk, shelves=[Shelf.SIMILAR])[Shelf.SIMILAR]
    context = {
        **_shared(request, ""),
        "product": product,
        "lists": selectors.suggestions_of(product),
        "choices": selectors.choices_found(product_id=product.pk)[:PAGE_SIZE],
        "set": product_set(product, without=()),
        "cards": rail_make(seen[:6]),
        "form": form or ChoiceForm(initial={"product": product.pk, "shelf": Shelf.SIMILAR}),
    }
    status = 422 if form else 200
    return render(request, "recommend/office/product_detail.html", context, status=status)


def choice_list(request: HttpRequest) -> HttpResponse:
    is_past = request.GET.get("view") == "ended"
    link = reverse("dashboard:recommend-choices")
    page = Paginator(selectors.choices_found(holding=not is_past), PAGE_SIZE)
    context = {
        **_shared(request, "recommend-choices"),
        "tabs": [
            {"name": _("They hold"), "url": link, "is_current": not is_past},
            {"name": _("Ended"), "url": f"{link}?view=ended", "is_current": is_past},
        ],
        "is_past": is_past,
        "page_obj": page.get_page(request.GET.get("page")),
        "form": ChoiceForm(initial={"where": "everywhere", "verdict": "ban"}),
    }
    return render(request, "recommend/office/choice_list.html", context)


def choice_new(request: HttpRequest) -> HttpResponse:
    """Pin or ban; the same submitted twice is one choice."""
    form = ChoiceForm(request.POST)
    if form.is_valid():
        try:
            choice = choice_make(**form.wanted(), user_id=request.user.pk)
        except ChoiceRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            name = choice.other.get_title()
            text = _("%(name)s is pinned.") if choice.verdict == "pin" else _("%(name)s is banned.")
            messages.success(request, text % {"name": name})
            return redirect(_back(request))
    product = form.cleaned_data.get("product") if hasattr(form, "cleaned_data") else None
    if product and Product.objects.browsable().filter(pk=product).exists():
        return product_detail(request, product, form=form)
    for errors in form.errors.values():
        messages.error(request, errors[0])
    return redirect("dashboard:recommend-choices")


def choice_finish(request: HttpRequest, pk: int) -> HttpResponse:
    choice = choice_end(choice_id=min(pk, 2**63 - 1), user_id=request.user.pk)
    if choice is None:
        messages.info(request, _("This choice had ended already."))
    else:
        messages.success(request, _("The choice has ended; the figures decide again."))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    return next_path(request, request.POST.get("next", ""), reverse("dashboard:recommend-choices"))


def run_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(selectors.runs(), PAGE_SIZE)
    evaluation = Evaluation.objects.first()
    figures = [
        {
            "name": one["name"],
            "recall_shown": percent(one["recall"]),
            "hits_shown": percent(one["hits"]),
        }
        for one in sorted(evaluation.figures if evaluation else [], key=lambda one: -one["recall"])
    ]
    context = {
        **_shared(request, "recommend-runs"),
        "page_obj": page.get_page(request.GET.get("page")),
        "evaluation": evaluation,
        "figures": figures,
        "is_busy": bool(cache.get(BUSY)),
    }
    return render(request, "recommend/office/run_list.html", context)


def recompute(request: HttpRequest) -> HttpResponse:
    """Ask a worker; several presses are one run."""
    if cache.add(BUSY, True, BUSY_SECONDS):
        send_quietly(recommendations_recompute, True)
        messages.success(request, _("A worker computes the lists now; shoppers keep the old ones."))
    else:
        messages.info(request, _("The lists are being computed already."))
    return redirect("dashboard:recommend-runs")
