"""What shoppers may type about a basket. Whether it can be had is decided in services."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

MOST = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD  # units in one basket
CODE_LENGTH = 64

NOT_A_NUMBER = _("Please give the quantity as a whole number.")
TOO_MANY = _("One order holds at most %(limit_value)s things.")


def quantity_field(*, least: int) -> forms.IntegerField:
    """Whole numbers from ``least`` up; full-width digits are digits too."""
    return forms.IntegerField(
        min_value=least,
        max_value=MOST,
        label=_("Quantity"),
        error_messages={
            "required": NOT_A_NUMBER,
            "invalid": NOT_A_NUMBER,
            "min_value": _("The quantity starts at %(limit_value)s."),
            "max_value": TOO_MANY,
        },
    )


class AddToBasketForm(forms.Form):
    """``child_id``: the chosen variant, where the product has any."""

    quantity = quantity_field(least=1)
    child_id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class LineForm(forms.Form):
    """A new quantity; zero takes the line away."""

    quantity = quantity_field(least=0)


class CouponForm(forms.Form):
    code = forms.CharField(
        label=_("Coupon code"),
        max_length=CODE_LENGTH,
        error_messages={
            "required": _("Please type the code of your coupon."),
            "max_length": _("No coupon has a code that long."),
        },
    )

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper()
