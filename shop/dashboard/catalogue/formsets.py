from django import forms
from django.forms.models import inlineformset_factory
from django.utils.translation import gettext as _
from oscar.apps.dashboard.catalogue import formsets as core

from catalog.models import Product
from catalog.partner.models import StockRecord
from shop.dashboard.catalogue.forms import StockRecordForm
from supply.models import StockMovement


class ProductImageFormSet(core.ProductImageFormSet):
    can_delete_extra = False


class ProductCategoryFormSet(core.ProductCategoryFormSet):
    can_delete_extra = False


class StockRecordFormSet(
    core.StockRecordFormSet,
    inlineformset_factory(Product, StockRecord, form=StockRecordForm, extra=1),
):
    """One row more only for a product that cannot be bought yet."""

    can_delete_extra = False

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
