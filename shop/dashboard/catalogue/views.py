from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import ProtectedError
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import RedirectView, TemplateView
from oscar.apps.dashboard.catalogue import views as core

from catalog.seo.dashboard.snippets import row_snippets
from catalog.seo.models import PageKind
from shop.core.office import may
from shop.dashboard.catalogue import selectors
from shop.dashboard.catalogue.forms import ProductClassSelectForm
from shop.dashboard.goods.finding import Search, View, products_sorted
from shop.dashboard.goods.forms import BulkForm, FindForm, view_of

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


class CategoryListView(TemplateView):
    """The whole tree on one page, in the order of the shop's menu."""

    template_name = "oscar/dashboard/catalogue/category_list.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "categories": selectors.categories_tree(),
            "may_add": may(self.request.user, "catalogue-category-create"),
            "may_edit": may(self.request.user, "catalogue-category-update"),
            "may_delete": may(self.request.user, "catalogue-category-delete"),
        }


class CategoryDetailListView(RedirectView):
    """Oscar's page of one branch; the tree shows it."""

    pattern_name = "dashboard:catalogue-category-list"

    def get_redirect_url(self, *args, **kwargs) -> str:
        return super().get_redirect_url()


class ProductCreateUpdateView(core.ProductCreateUpdateView):
    """Without the recommendations, which are computed from what people buy."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.formsets.pop("recommended_formset")

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        context["may_see_stock"] = may(self.request.user, "stock-detail")
        context["may_delete"] = may(self.request.user, "catalogue-product-delete")
        if not context.get("parent"):
            pk = context["product"].pk if context.get("product") else 0
            context["snippets"] = row_snippets(PageKind.PRODUCT, pk or 0)
        return context

    def forms_invalid(self, form, formsets):
        response = super().forms_invalid(form, formsets)
        response.status_code = 422
        return response


class _SnippetMixin:
    """A category's form shows how its page would look in a list of search results."""

    def get_context_data(self, **kwargs) -> dict:
        pk = getattr(self.object, "pk", None) or 0
        snippets = row_snippets(PageKind.CATEGORY, pk)
        return super().get_context_data(**kwargs) | {"snippets": snippets}


class CategoryCreateView(_SnippetMixin, core.CategoryCreateView):
    pass


class CategoryUpdateView(_SnippetMixin, core.CategoryUpdateView):
    pass


class ProductDeleteView(core.ProductDeleteView):
    """What was ever in the warehouse stays in the books: it can be taken off sale instead."""

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except ProtectedError:
            text = _("This product has a history in the stock ledger. Take it off sale instead.")
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
