"""A page that shows every component in all its states, for those who build pages."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.styleguide import samples
from shop.styleguide.forms import SampleFilterForm, SampleForm

COLOURS = [
    "paper",
    "surface",
    "sunken",
    "ink",
    "ink-2",
    "ink-3",
    "line",
    "edge",
    "accent",
    "accent-text",
    "accent-soft",
    "good",
    "good-soft",
    "warn",
    "warn-soft",
    "info",
    "info-soft",
    "star",
    "night",
    "night-2",
]


def tabs() -> list[dict]:
    return [
        {"name": _("To pack"), "count": 31, "url": "#", "is_current": True},
        {"name": _("To ship"), "count": 6, "url": "#"},
        {"name": _("Unpaid"), "count": 11, "url": "#"},
        {"name": _("On hold"), "count": 0, "url": "#"},
    ]


@require_safe
def storefront(request):
    departments = [
        _("On offer"),
        _("New"),
        _("Home and light"),
        _("Kitchen"),
        _("Books"),
        _("Toys"),
    ]
    context = {
        "announcement": _("Free delivery over €49 · 30 days to change your mind"),
        "departments": [
            {"name": name, "url": f"#{index}", "is_hot": index == 0}
            for index, name in enumerate(departments)
        ],
        "themes": ("light", "dark"),
        "colours": COLOURS,
        "cards": samples.cards(),
        "summary_rows": samples.summary(),
        "timeline_entries": samples.timeline(),
        "pictures": samples.gallery(),
        "tabs": tabs(),
        "steps": [
            {"name": _("Address"), "url": "#"},
            {"name": _("Delivery")},
            {"name": _("Payment")},
        ],
        "form": SampleForm(),
        "form_bad": SampleForm({"email": "mei@", "country": "DE"}, auto_id="bad_%s"),
        "page_obj": Paginator(range(400), 24).get_page(5),
        "trail": [{"name": _("Home and light"), "url": "#"}, {"name": _("Lamps"), "url": "#"}],
        "facts": [
            {"name": _("Material"), "value": _("Stoneware")},
            {"name": _("Volume"), "value": "240 ml"},
            {"name": _("Made by"), "value": "Kiln & Co.", "href": "#"},
        ],
    }
    return render(request, "styleguide/storefront.html", context)


@require_safe
def office(request):
    context = {
        "kpis": samples.kpis(),
        "bar_rows": samples.bars(),
        "todos": samples.todos(),
        "orders": samples.orders(),
        "tabs": tabs(),
        "filter_form": SampleFilterForm(),
        "bulk_actions": [{"value": "pack", "label": _("Pack")}],
        "timeline_entries": samples.timeline(),
        "form": SampleForm(),
        "facts": [{"name": _("Customer"), "value": "林晓"}, {"name": _("City"), "value": "上海"}],
        "groups": [
            {"title": "", "links": [(_("Today"), 0), (_("Orders"), 37), (_("Returns"), 4)]},
            {"title": _("Sell"), "links": [(_("Products"), 0), (_("Prices and offers"), 0)]},
            {"title": _("Supply"), "links": [(_("Stock"), 0), (_("Reorder"), 12)]},
        ],
    }
    return render(request, "styleguide/office.html", context)
