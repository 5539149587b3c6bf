"""What an auditor asks for: who, what, when, and which thing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.partner.models import StockRecord
from crm.accounts.models import User
from orders.models import Order
from shop.core.audit.models import Action
from shop.core.audit.selectors import labels_noted
from shop.core.levels import sees
from shop.dashboard.audit.histories import subjects_of
from shop.dashboard.audit.reading import model_words

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NOBODY = "0"


class AuditFilterForm(forms.Form):
    thing = forms.CharField(
        label=_("Thing"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Order number, SKU or e-mail")}
        ),
    )
    who = forms.ChoiceField(label=_("Who"), required=False)
    what = forms.ChoiceField(label=_("What"), required=False)
    action = forms.ChoiceField(
        label=_("Action"), required=False, choices=[("", _("All")), *Action.choices]
    )
    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("to"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = User.objects.filter(is_staff=True).order_by("first_name", "last_name", "email")
        people = [(str(one.pk), one.get_full_name() or one.email) for one in team]
        everybody = [("", _("Everybody")), *people, (NOBODY, _("Nobody signed in"))]
        self.fields["who"].choices = everybody
        kinds = sorted((model_words(label), label) for label in labels_noted())
        self.fields["what"].choices = [("", _("All")), *((label, name) for name, label in kinds)]

    def criteria(self) -> dict[str, Any]:
        """Keywords for `entries_find`; what cannot be read is left out."""
        self.is_valid()
        data = self.cleaned_data
        thing = data.get("thing", "").strip()
        return {
            "actor": int(data["who"]) if data.get("who") else None,
            "label": data.get("what", ""),
            "action": data.get("action", ""),
            "since": data.get("since"),
            "until": data.get("until"),
            "subjects": subjects_meant(thing) if thing else None,
        }


def subjects_meant(text: str) -> list[str]:
    """What is called ``text``. By an e-mail only those find who may read one."""
    found: list[str] = []
    for order in Order.objects.filter(number__iexact=text)[:3]:
        found += subjects_of("order.order", order)
    records = StockRecord.objects.filter(partner_sku__iexact=text).values_list("product", flat=True)
    products = Product.objects.filter(pk__in=records) | Product.objects.filter(upc__iexact=text)
    for product in products.distinct()[:3]:
        found += subjects_of("catalogue.product", product)
    if "@" in text:
        people = User.objects.filter(email__iexact=text)
        people = people if sees("email") else people.filter(is_staff=True)
        found += [f"accounts.user:{pk}" for pk in people.values_list("pk", flat=True)]
    if ":" in text:
        found.append(text.lower())
    return found
