"""The categories on the desk: one tree that is sorted by hand, and the words of each."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.vary import vary_on_headers
from django.views.generic import RedirectView
from oscar.apps.dashboard.catalogue import views as core

from catalog.models import Category, Product
from catalog.paths import key_of
from catalog.seo.dashboard.snippets import row_snippets
from catalog.seo.models import PageKind
from catalog.tree.exceptions import MoveRefused, TreeChanged
from catalog.tree.selectors import Node, Tree, tree_read, tree_with_products
from catalog.tree.services import Moved, Step, Where, category_delete, category_move, category_step
from shop.core.finding import FindForm
from shop.core.office import may

LIST = "dashboard:catalogue-category-list"


class PlaceForm(forms.Form):
    """Where a category goes, for who does not drag."""

    where = forms.ChoiceField(
        label=gettext_lazy("Where to"),
        choices=[
            (Where.INSIDE.value, gettext_lazy("in it, as the last")),
            (Where.BEFORE.value, gettext_lazy("before it")),
            (Where.AFTER.value, gettext_lazy("behind it")),
        ],
    )
    ref = forms.ChoiceField(label=gettext_lazy("Category"), required=False)

    def __init__(self, *args: Any, tree: Tree, node: Node, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ref"].choices = [  # type: ignore[attr-defined]
            ("", _("The top level")),
            *((one.pk, one.label) for one in tree.nodes.values() if not one.stands_in(node)),
        ]


class CategoryListView(core.CategoryListView):
    """The whole tree on one page, in the order of the shop's menu."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = tree_context(request, request.GET)
        node = context["tree"].nodes.get(key_of(request.GET.get("move", "")))
        if node is not None and context["may_move"]:
            form = PlaceForm(tree=context["tree"], node=node, auto_id="place_%s")
            context |= {"place_form": form, "placed": node}
        return render(request, self.template_name, context)


class CategoryDetailListView(RedirectView):
    """Oscar's page of one branch; the tree shows it."""

    pattern_name = LIST

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return f"{reverse(LIST)}#category-{kwargs['pk']}"


@vary_on_headers("HX-Request")
def category_put(request: HttpRequest) -> HttpResponse:
    """One move: a fresh tree for htmx, a redirect for plain HTML; 409 and 422 with words."""
    status, problem, moved = 200, "", None
    try:
        moved = _move(request.POST)
    except TreeChanged:
        status = 409
        problem = _("Somebody changed the tree meanwhile. Nothing was moved; look again.")
    except MoveRefused as refusal:
        status, problem = 422, refusal.message
    said = _where_words(moved.node) if moved else ""
    is_partial = request.headers.get("HX-Request") == "true"
    if moved and not is_partial:
        messages.success(request, said)
        text = FindForm(request.POST).text()
        query = f"?{urlencode({'q': text})}" if text else ""
        return redirect(f"{reverse(LIST)}{query}#category-{moved.node.pk}")
    context = tree_context(request, request.POST) | {
        "problem": problem,
        "said": said,
        "moved_pk": moved.node.pk if moved and moved.is_news else 0,
        "oob": is_partial,
    }
    template = "catalog/office/_tree.html" if is_partial else CategoryListView.template_name
    return render(request, template, context, status=status)


def tree_context(request: HttpRequest, asked: QueryDict) -> dict[str, Any]:
    find = FindForm(asked or None, hint=_("Name in either language"))
    tree, text, user = tree_with_products(), find.text(), request.user
    return {
        "tree": tree,
        "find": find,
        "q": text,
        "reset_url": reverse(LIST) if text else "",
        "shown": tree.narrowed(text) if text else set(tree.nodes),
        "may_add": may(user, "catalogue-category-create"),
        "may_edit": may(user, "catalogue-category-update"),
        "may_move": may(user, "catalogue-category-move", "POST"),
        "may_delete": may(user, "catalogue-category-delete"),
        "may_see_products": may(user, "catalogue-product-list"),
    }


def _move(asked: QueryDict) -> Moved:
    seen = asked.get("seen", "")
    try:
        if asked.get("step"):
            step, _dash, pk = asked["step"].partition("-")
            return category_step(pk=key_of(pk), step=Step(step), seen=seen)
        where, ref = Where(asked.get("where", "")), asked.get("ref", "")
    except ValueError as error:
        raise MoveRefused(_("Say where it is to stand.")) from error
    if not ref and where != Where.INSIDE:
        raise MoveRefused(_("Before or behind which category?"))
    pk = key_of(asked.get("item", ""))
    return category_move(pk=pk, where=where, ref=key_of(ref) if ref else None, seen=seen)


def _where_words(node: Node) -> str:
    words = {"name": node.category.name, "place": node.place, "number": len(node.siblings)}
    if node.parent is None:
        return _("“%(name)s” stands at the top, place %(place)d of %(number)d.") % words
    words["parent"] = node.parent.category.name
    return _("“%(name)s” stands in “%(parent)s”, place %(place)d of %(number)d.") % words


class _SnippetMixin:
    """A category's form shows how its page would look in a list of search results."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pk = getattr(self.object, "pk", None) or 0
        snippets = row_snippets(PageKind.CATEGORY, pk)
        return super().get_context_data(**kwargs) | {"snippets": snippets}

    def form_valid(self, form: forms.ModelForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except MoveRefused as refusal:
            form.add_error("parent", refusal.message)
            return self.form_invalid(form)


class CategoryCreateView(_SnippetMixin, core.CategoryCreateView):
    def get_initial(self) -> dict[str, Any]:
        return {"parent": key_of(str(self.kwargs.get("parent", ""))) or None}


class CategoryUpdateView(_SnippetMixin, core.CategoryUpdateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        node = tree_read().nodes.get(self.object.pk)
        return super().get_context_data(**kwargs) | {
            "place": _where_words(node) if node else "",
            "may_move": may(self.request.user, "catalogue-category-move", "POST"),
        }


class CategoryDeleteView(core.CategoryDeleteView):
    """Before it goes: what goes with it, and what stays."""

    template_name = "catalog/office/category_delete.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        branch = Category.objects.get_tree(self.object)
        products = Product.objects.filter(categories__in=branch).distinct().count()
        return super().get_context_data(**kwargs) | {
            "below": branch.count() - 1,
            "products": products,
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        category_delete(pk=self.object.pk)
        messages.success(self.request, _("“%(name)s” is gone.") % {"name": self.object.name})
        return redirect(LIST)
