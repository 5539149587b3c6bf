from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """One field of each kind, to look at."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("For the confirmation and the parcel."))
    city = forms.CharField(label=_("City"), max_length=80)
    country = forms.ChoiceField(
        label=_("Country"), choices=[("DE", _("Germany")), ("CN", _("China"))]
    )
    note = forms.CharField(label=_("Note to the courier"), required=False, widget=forms.Textarea)
    wrap = forms.BooleanField(label=_("Wrap it as a gift"), required=False)
    day = forms.ChoiceField(
        label=_("Delivery day"),
        widget=forms.RadioSelect,
        choices=[("any", _("Any day")), ("saturday", _("Saturday"))],
        required=False,
    )


class SampleFilterForm(forms.Form):
    q = forms.CharField(label=_("Order, customer, SKU"), required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), ("paid", _("Paid"))], required=False
    )
