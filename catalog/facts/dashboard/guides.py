"""Size guides: what they say in both languages, and which products show them."""

from collections.abc import Iterator

import nh3
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.facts import guides
from catalog.facts.models import ProductFacts, SizeGuide
from catalog.facts.tables import COLUMNS_AT_MOST, ROWS_AT_MOST, table_problem, table_read
from catalog.models import Category
from shop.core.office import may

PAGE_SIZE = 40
LANGUAGES = (("en", _("English")), ("zh_hans", _("Simplified Chinese")))
TABLE_HELP = _(
    "One line per row, cells between |, the first line is the head: Size | Chest, cm | Waist, cm"
)


class GuideForm(forms.ModelForm):
    """Texts in each language. Empty Chinese falls back to English."""

    class Meta:
        model = SizeGuide
        fields = [
            f"{name}_{code}" for code, _label in LANGUAGES for name in ("name", "how", "table")
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, label in LANGUAGES:
            for name in ("name", "how", "table"):
                field = self.fields[f"{name}_{code}"]
                plain = SizeGuide._meta.get_field(name).verbose_name
                field.label = _("%(field)s (%(language)s)") % {"field": plain, "language": label}
                field.required = (name, code) == ("name", "en")
            self.fields[f"table_{code}"].help_text = TABLE_HELP
            self.fields[f"table_{code}"].max_length = 8000
            self.fields[f"how_{code}"].widget.attrs["rows"] = 4

    def clean(self) -> dict:
        data = super().clean()
        for code, _label in LANGUAGES:
            data[f"how_{code}"] = nh3.clean(data.get(f"how_{code}") or "")
            if problem := self._table_problem(data.get(f"table_{code}") or ""):
                self.add_error(f"table_{code}", problem)
        return data

    def _table_problem(self, text: str) -> str:
        line = table_problem(text)
        if line is None:
            return ""
        if line == 0:
            return gettext("At most %(rows)s rows and %(columns)s columns.") % {
                "rows": ROWS_AT_MOST,
                "columns": COLUMNS_AT_MOST,
            }
        return gettext("Line %(line)s has another number of cells than the head.") % {"line": line}


class GiveForm(forms.Form):
    """Products that show the guide: one by its SKU, or a whole category."""

    sku = forms.CharField(label=_("SKU or barcode"), required=False, max_length=64)
    category = forms.ModelChoiceField(
        label=_("or all of a category"), required=False, queryset=Category.objects.none()
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.order_by("path")
        self.fields["category"].label_from_instance = lambda one: (
            "– " * (one.depth - 1) + str(one.name)
        )

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and bool(data.get("sku")) == bool(data.get("category")):
            self.add_error("sku", gettext("Name a SKU or choose a category, one of the two."))
        elif data.get("sku"):
            data["family"] = guides.family_of_sku(data["sku"].strip())
            if data["family"] is None:
                self.add_error("sku", gettext("No product has this SKU or barcode."))
        return data


def guide_list(request: HttpRequest) -> HttpResponse:
    rows = SizeGuide.objects.annotate(shown=Count("products")).order_by(_name_column(), "pk")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_add": may(request.user, "guide-add", "POST"),
    }
    return render(request, "facts/guide_list.html", context)


def _name_column() -> str:
    return "name_zh_hans" if get_language() == "zh-hans" else "name_en"


def guide_add(request: HttpRequest) -> HttpResponse:
    form = GuideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        guide = form.save()
        messages.success(request, gettext("Kept. Now say which products show it."))
        return redirect("dashboard:guide-detail", pk=guide.pk)
    status = 422 if form.errors else 200
    return render(request, "facts/guide_add.html", {"form": form}, status=status)


def guide_detail(
    request: HttpRequest, pk: int, *, give_form: GiveForm | None = None
) -> HttpResponse:
    guide = get_object_or_404(SizeGuide, pk=pk)
    is_change = request.method == "POST" and give_form is None
    form = GuideForm(request.POST if is_change else None, instance=guide)
    if is_change and form.is_valid():
        form.save()
        messages.success(request, gettext("Kept."))
        return redirect("dashboard:guide-detail", pk=pk)
    status = 422 if form.errors or give_form else 200
    return render(
        request, "facts/guide_detail.html", _detail(request, guide, form, give_form), status=status
    )


def _detail(
    request: HttpRequest, guide: SizeGuide, form: GuideForm, give_form: GiveForm | None
) -> dict:
    page = Paginator(_facts_of(guide), PAGE_SIZE).get_page(request.GET.get("page"))
    previews = list(_previews(guide))
    return {
        "guide": guide,
        "form": form,
        "give_form": give_form or GiveForm(),
        "page_obj": page,
        "previews": previews,
        "may_change": may(request.user, "guide-detail", "POST"),
        "may_delete": may(request.user, "guide-delete", "POST"),
        "may_edit_product": may(request.user, "catalogue-product"),
    }


def _facts_of(guide: SizeGuide) -> QuerySet[ProductFacts]:
    return (
        ProductFacts.objects.filter(size_guide=guide)
        .select_related("product")
        .order_by("product__title_en", "pk")
    )


def _previews(guide: SizeGuide) -> Iterator[dict]:
    for code, label in LANGUAGES:
        head, rows = table_read(getattr(guide, f"table_{code}") or "")
        if rows:
            yield {"language": label, "head": head, "rows": rows}


def guide_give(request: HttpRequest, pk: int) -> HttpResponse:
    guide = get_object_or_404(SizeGuide, pk=pk)
    form = GiveForm(request.POST)
    if not form.is_valid():
        return guide_detail(request, pk, give_form=form)
    if category := form.cleaned_data["category"]:
        count = guides.guide_give_category(guide=guide, category=category)
    else:
        count = guides.guide_give(guide=guide, families=[form.cleaned_data["family"].pk])
    messages.success(request, gettext("%(count)s products show it now.") % {"count": count})
    return redirect("dashboard:guide-detail", pk=pk)


def guide_take(request: HttpRequest, pk: int, family: int) -> HttpResponse:
    guide = get_object_or_404(SizeGuide, pk=pk)
    guides.guide_take(guide=guide, family_id=family)
    messages.success(request, gettext("The product does not show it any more."))
    return redirect("dashboard:guide-detail", pk=pk)


def guide_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Its products stay; they show no guide."""
    get_object_or_404(SizeGuide, pk=pk).delete()
    messages.success(request, gettext("The size guide is gone."))
    return redirect("dashboard:guide-list")
