"""Product types and groups of options: their lists, and what keeps one from being deleted."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.generic import DeleteView, ListView

from catalog.models import AttributeOptionGroup, ProductClass
from shop.core.office import may

PAGE_SIZE = 40


class ProductClassListView(ListView):
    template_name = "oscar/dashboard/catalogue/product_class_list.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self) -> QuerySet[ProductClass]:
        return ProductClass.objects.annotate(made=Count("products")).order_by("name", "pk")

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "may_change": may(user, "catalogue-class-update"),
            "may_delete": may(user, "catalogue-class-delete"),
        }


class AttributeOptionGroupListView(ListView):
    template_name = "oscar/dashboard/catalogue/attribute_option_group_list.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self) -> QuerySet[AttributeOptionGroup]:
        groups = AttributeOptionGroup.objects.annotate(used=Count("product_attributes"))
        return groups.prefetch_related("options").order_by("name", "pk")

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "may_change": may(user, "catalogue-attribute-option-group-update"),
            "may_delete": may(user, "catalogue-attribute-option-group-delete"),
        }


class _UnusedDeleteView(DeleteView):
    """Asks before something goes that others may rest on; while they do, it stays.

    Oscar's page hides its button then, and its POST deletes all the same. ``related``
    are those who need it, ``words`` say how many there are.
    """

    template_name = "oscar/dashboard/catalogue/type_delete.html"
    list_name: str
    related: str
    words: Any  # a lazy plural

    def users(self, row: Model) -> str:
        """Who needs ``row``, in words; empty for nobody."""
        number = getattr(row, self.related).count()
        return self.words % {"number": number} if number else ""

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "users": self.users(self.object),
            "list_url": self.get_success_url(),
        }

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.object = self.get_object()
        try:
            if self.users(self.object):
                return self.render_to_response(self.get_context_data(), status=409)
            self.object.delete()
        except ProtectedError:  # somebody began to use it at this moment
            return self.render_to_response(self.get_context_data(), status=409)
        messages.success(request, _("It is deleted."))
        return HttpResponseRedirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse(f"dashboard:{self.list_name}")


class ProductClassDeleteView(_UnusedDeleteView):
    model = ProductClass
    list_name = "catalogue-class-list"
    related = "products"
    words = ngettext_lazy(
        "%(number)d product is of this type; give it another one first.",
        "%(number)d products are of this type; give them another one first.",
        "number",
    )


class AttributeOptionGroupDeleteView(_UnusedDeleteView):
    """With the group its attributes would go, and what each product says of them."""

    model = AttributeOptionGroup
    list_name = "catalogue-attribute-option-group-list"
    related = "product_attributes"
    words = ngettext_lazy(
        "%(number)d attribute of product types chooses from these options; change it first.",
        "%(number)d attributes of product types choose from these options; change them first.",
        "number",
    )
