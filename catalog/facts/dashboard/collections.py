"""Collections in the back office: the texts of ranges, and whether shoppers see them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.facts.dashboard.forms import CollectionForm
from catalog.listing.models import CollectionText
from shop.core.office import may

PAGE_SIZE = 40


def _ranges():
    """The model belongs to a floor above; the relation leads there."""
    model = CollectionText._meta.get_field("range").related_model
    return model._default_manager.select_related("collection").order_by("-is_public", "name", "pk")


def collection_list(request: HttpRequest) -> HttpResponse:
    context = {
        "page_obj": Paginator(_ranges(), PAGE_SIZE).get_page(request.GET.get("page")),
        "may_add": may(request.user, "range-create"),
        "may_change": may(request.user, "collection-update"),
        "may_fill": may(request.user, "range-products"),
    }
    return render(request, "facts/collection_list.html", context)


def collection_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Texts of both languages beside the range; what it holds is said on the range's own page."""
    held = get_object_or_404(_ranges(), pk=pk)
    text = getattr(held, "collection", None) or CollectionText(
        range=held, name_en=held.name, description_en=held.description
    )
    initial = {"is_public": held.is_public}
    form = CollectionForm(
        request.POST or None, request.FILES or None, instance=text, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            held.is_public = form.cleaned_data["is_public"]
            held.save(update_fields=["is_public"])
        messages.success(request, _("Saved."))
        return redirect("dashboard:collection-list")
    shop_url = ""
    if held.is_public:
        shop_url = reverse("catalogue:collection", kwargs={"slug": held.slug})
    context = {
        "title": text.name or held.name,
        "form": form,
        "back_url": reverse("dashboard:collection-list"),
        "back_name": _("Collections"),
        "shop_url": shop_url,
        "about": _("What shoppers read"),
        "about_text": _(
            "A collection is a range with a page. Without a picture its first product stands in."
        ),
    }
    return render(request, "facts/texts_form.html", context, status=422 if form.errors else 200)
