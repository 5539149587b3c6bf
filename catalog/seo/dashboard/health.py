"""What to mend so that pages are found, and where."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.seo.dashboard.selectors import PROBLEMS, pages_to_mend, subject_of
from catalog.seo.dashboard.tabs import desk_tabs
from catalog.seo.models import PageKind
from shop.core.office import may

PAGE_SIZE = 40
KINDS = (PageKind.PRODUCT, PageKind.CATEGORY, PageKind.BRAND, PageKind.COLLECTION)
SEARCH_BOX = forms.TextInput(attrs={"type": "search"})


class HealthForm(forms.Form):
    """What narrows the list; what cannot be read is left out."""

    q = forms.CharField(label=_("Name"), required=False, max_length=120, widget=SEARCH_BOX)
    problem = forms.ChoiceField(
        label=_("What is wrong"), required=False, choices=[("", _("Anything")), *PROBLEMS.items()]
    )

    def criteria(self) -> dict[str, str]:
        self.is_valid()
        data = self.cleaned_data
        return {"text": data.get("q", ""), "problem": data.get("problem", "")}


def health(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else PageKind.PRODUCT
    form = HealthForm(request.GET)
    criteria = form.criteria()
    page = Paginator(pages_to_mend(kind=kind, **criteria), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    subject = subject_of(kind)
    is_mender = may(request.user, subject.url_name)
    context = {
        "form": form,
        "keep": {"kind": kind},
        "page_obj": page,
        "is_narrowed": any(criteria.values()),
        "rows": [_row(row, subject, is_mender=is_mender) for row in page.object_list],
        "views": [
            {
                "name": PageKind(one).label,
                "url": f"{reverse('dashboard:seo-health')}?kind={one.value}",
                "is_current": one == kind,
            }
            for one in KINDS
        ],
        "tabs": desk_tabs(request.user, "seo-health"),
    }
    return render(request, "seo/health.html", context)


def _row(row: Any, subject: Any, *, is_mender: bool) -> dict[str, Any]:
    url = reverse(f"dashboard:{subject.url_name}", kwargs={"pk": row.pk}) if is_mender else ""
    return {
        "name": getattr(row, subject.name),
        "url": url,
        "problems": [label for name, label in PROBLEMS.items() if getattr(row, name)],
    }
