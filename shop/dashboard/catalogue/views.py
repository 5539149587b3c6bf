from django.contrib import messages
from django.db.models import ProtectedError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from oscar.apps.dashboard.catalogue import views as core


class ProductCreateUpdateView(core.ProductCreateUpdateView):
    """Without the recommendations, which are computed from what people buy."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.formsets.pop("recommended_formset")


class ProductDeleteView(core.ProductDeleteView):
    """What was ever in the warehouse stays in the books: it can be taken off sale instead."""

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except ProtectedError:
            text = _("This product has a history in the stock ledger. Take it off sale instead.")
            messages.error(request, text)
            return redirect("dashboard:catalogue-product", pk=self.object.pk)
