from django import forms
from django.db.models import QuerySet
from django.forms.models import inlineformset_factory
from django.utils.translation import gettext as _
from oscar.apps.dashboard.catalogue import formsets as core

from catalog.models import Product, ProductImage
from catalog.partner.models import StockRecord
from catalog.pictures.selectors import with_picture
from catalog.pictures.sources import picture_sources
from shop.dashboard.catalogue.fields import CategoryField
from shop.dashboard.catalogue.forms import StockRecordForm
from supply.models import StockMovement

# A request names how many rows it brings, and a page of two thousand takes half a minute to make.
ROWS_MOST = 50
CHOICES_MOST = 100  # attributes of a product type, options of a group


class ProductImageFormSet(core.ProductImageFormSet):
    """Its rows know their small width: ``picture`` of each form, None for an upload to come."""

    can_delete_extra = False
    max_num = absolute_max = ROWS_MOST

    def get_queryset(self) -> QuerySet[ProductImage]:
        if not hasattr(self, "_queryset"):
            self._queryset = with_picture(super().get_queryset())
        return self._queryset

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        facts = getattr(form.instance, "picture_facts", None)
        name = form.instance.original.name if form.instance.pk else ""
        form.picture = picture_sources(name or "", facts)


class ProductCategoryFormSet(core.ProductCategoryFormSet):
    can_delete_extra = False
    max_num = absolute_max = ROWS_MOST

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["category"] = CategoryField(label=_("Category"))


class StockRecordFormSet(
    core.StockRecordFormSet,
    inlineformset_factory(Product, StockRecord, form=StockRecordForm, extra=1),
):
    """One row more only for a product that cannot be bought yet."""

    can_delete_extra = False
    max_num = absolute_max = ROWS_MOST

    def __init__(self, product_class, user, *args, **kwargs):
        super().__init__(product_class, user, *args, **kwargs)
        if self.initial_form_count():
            self.extra = 0

    def clean(self) -> None:
        super().clean()
        gone = [form.instance.pk for form in self.deleted_forms if form.instance.pk]
        if StockMovement.objects.filter(stock_record__in=gone).exists():
            raise forms.ValidationError(
                _("This stock record has a history in the ledger, so it stays.")
            )


class ProductAttributesFormSet(core.ProductAttributesFormSet):
    max_num = absolute_max = CHOICES_MOST


class AttributeOptionFormSet(core.AttributeOptionFormSet):
    max_num = absolute_max = CHOICES_MOST
