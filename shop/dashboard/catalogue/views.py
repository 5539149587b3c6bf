import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from oscar.apps.dashboard.catalogue import views as core

from catalog.models import Product
from catalog.refresh import refreshing
from catalog.seo.dashboard.snippets import row_snippets
from catalog.seo.models import PageKind
from shop.core.office import may
from shop.dashboard.catalogue import selectors
from shop.dashboard.catalogue.categories import CategoryCreateView as CategoryCreateView
from shop.dashboard.catalogue.categories import CategoryDeleteView as CategoryDeleteView
from shop.dashboard.catalogue.categories import CategoryDetailListView as CategoryDetailListView
from shop.dashboard.catalogue.categories import CategoryListView as CategoryListView
from shop.dashboard.catalogue.categories import CategoryUpdateView as CategoryUpdateView
from shop.dashboard.catalogue.forms import ProductClassSelectForm
from shop.dashboard.catalogue.type_views import (  # noqa: F401  Oscar looks for them here
    AttributeOptionGroupDeleteView,
    AttributeOptionGroupListView,
    ProductClassDeleteView,
    ProductClassListView,
)
from shop.dashboard.goods import copies
from shop.dashboard.goods.exceptions import PlanChanged
from shop.dashboard.goods.finding import Search, View, products_sorted
from shop.dashboard.goods.forms import BulkForm, FindForm, view_of
from shop.dashboard.goods.models import ProductPlan
from shop.dashboard.goods.plans import Standing, standing_set
from shop.dashboard.goods.tabs import conflict_words, product_tabs

PAGE_SIZE = 40
LOOKUP_MOST = 100  # products in one answer


class ProductListView(TemplateView):
    """Products with their pictures, prices and free units; variants stand under their product."""

    template_name = "oscar/dashboard/catalogue/product_list.html"

    def get_context_data(self, **kwargs) -> dict:
        asked = self.request.GET
        view = view_of(asked.get("view", ""))
        form = FindForm(asked or None, view=view)
        search = form.search() if form.is_bound else Search(view=view)
        tab_counts = form.count(search)
        ids = products_sorted(search).values_list("pk", flat=True)
        page = Paginator(ids, PAGE_SIZE).get_page(asked.get("page"))
        query = asked.copy()
        query.pop("page", None)
        link = reverse("dashboard:catalogue-product-list")
        return super().get_context_data(**kwargs) | {
            "form": form,
            "keep": {"view": view},
            "link": link,
            "page_obj": page,
            "rows": selectors.product_rows(page.object_list),
            "may_edit": may(self.request.user, "catalogue-product"),
            "may_change": may(self.request.user, "product-bulk", "POST"),
            "bulk_form": BulkForm(initial={"query": query.urlencode()}, auto_id="bulk_%s"),
            "class_form": ProductClassSelectForm(auto_id="new_%s"),
            "tabs": [
                {
                    "name": label,
                    "url": f"{link}?{_with(query, 'view', code)}",
                    "is_current": code == view,
                    "count": tab_counts[code],
                }
                for code, label in View.choices
            ],
        }


def _with(query: QueryDict, name: str, value: str) -> str:
    other = query.copy()
    other[name] = value
    return other.urlencode()


class ProductCreateUpdateView(core.ProductCreateUpdateView):
    """The details of a product: texts side by side, what is missing, its plan; one save or none of it.

    Pictures of a product that exists have a page of their own, and so have its variants.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.formsets.pop("recommended_formset")

    def get_object(self, queryset=None):
        product = super().get_object(queryset)
        if product is not None:
            self.formsets.pop("image_formset", None)
        return product

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"user": self.request.user}

    def post(self, request, *args, **kwargs):
        """In one transaction. Who comes second to a product is told, and keeps what was typed."""
        try:
            with refreshing():
                return super().post(request, *args, **kwargs)
        except PlanChanged as changed:
            self.object = self.get_object()
            data = request.POST.copy()
            data["version"] = str(changed.plan.version)
            form = self.get_form_class()(**self.get_form_kwargs() | {"data": data})
            form.add_error(None, conflict_words(changed))
            formsets = {
                name: formset(self.product_class, request.user, data, instance=self.object)
                for name, formset in self.formsets.items()
            }
            context = self.get_context_data(form=form, **formsets)
            return self.render_to_response(context, status=409)

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        user, product = self.request.user, context.get("product")
        context["may_see_stock"] = may(user, "stock-detail")
        context["may_delete"] = may(user, "catalogue-product-delete")
        context["languages"] = language_columns(context["form"], self.object)
        if self.object is not None and self.object.pk:
            context["tabs"] = product_tabs(self.object, "details")
            context["copy_key"] = uuid.uuid4()
            context["plan"] = (
                ProductPlan.objects.select_related("changed_by").filter(pk=self.object.pk).first()
            )
        if not context.get("parent"):
            pk = product.pk if product else 0
            context["snippets"] = row_snippets(PageKind.PRODUCT, pk or 0)
        return context

    def forms_invalid(self, form, formsets):
        response = super().forms_invalid(form, formsets)
        response.status_code = 422
        return response


def language_columns(form, product) -> list[dict]:
    """A column for each language: its fields, and which texts the shop does not have in it yet."""
    columns = []
    for code, name in settings.LANGUAGES:
        column = code.replace("-", "_")
        names = [f"{field}_{column}" for field in ("title", "description")]
        fields = [form[one] for one in names if one in form.fields]
        missing = [one.label for one in fields if not (one.value() or "").strip()]
        columns.append({"name": name, "fields": fields, "missing": missing})
    return columns


def product_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft like this product; the same form sent twice makes one."""
    product = get_object_or_404(Product.objects.exclude(structure=Product.CHILD), pk=pk)
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        messages.error(request, _("This page is damaged; load it again."))
        return redirect("dashboard:catalogue-product", pk=pk)
    copy = copies.product_copy(product=product, key=key, user_id=request.user.pk)
    messages.success(request, _("This is the copy: a draft with SKUs of its own and no stock."))
    return redirect("dashboard:catalogue-product", pk=copy.pk)


class ProductDeleteView(core.ProductDeleteView):
    """What was ever in the warehouse stays in the books: it can be archived instead."""

    template_name = "oscar/dashboard/catalogue/product_delete.html"

    def get_context_data(self, **kwargs) -> dict:
        hanging = copies.hangs_on(self.object)
        return super().get_context_data(**kwargs) | {
            "hanging": hanging,
            "is_held": any(one.holds for one in hanging),
            "may_archive": not self.object.is_child
            and may(self.request.user, "catalogue-product", "POST"),
        }

    def post(self, request, *args, **kwargs):
        product = self.get_object()
        if request.POST.get("step") == "archive" and not product.is_child:
            if not may(request.user, "catalogue-product", "POST"):
                raise PermissionDenied
            standing_set(product=product, standing=Standing.ARCHIVE, user_id=request.user.pk)
            messages.success(request, _("Archived. The list shows it under “Archived”."))
            return redirect("dashboard:catalogue-product-list")
        try:
            return super().post(request, *args, **kwargs)
        except ProtectedError:
            text = _("This product has a history in the stock ledger. Archive it instead.")
            messages.error(request, text)
            return redirect("dashboard:catalogue-product", pk=self.object.pk)


class ProductLookupView(core.ProductLookupView):
    """Oscar's, for whatever stands in the address: a page that is no number is the first one."""

    def get_args(self) -> tuple:
        asked = self.request.GET
        return (
            ",".join(pk for pk in asked.get("initial", "").split(",") if _small_number(pk)),
            asked.get("q"),
            _small_number(asked.get("page", "")) or 1,
            min(_small_number(asked.get("page_limit", "")) or 20, LOOKUP_MOST),
        )


def _small_number(text: str) -> int:
    """The number that ``text`` writes in plain digits; 0 for anything else or far too large."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
