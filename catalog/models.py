"""Oscar's catalogue; texts exist once per language (catalog/translation.py)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractAttributeOption, AbstractProductClass


class TaxClass(models.TextChoices):
    """Which of the shop's tax rates a kind of product bears."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate (food, books)")


class ProductClass(AbstractProductClass):
    tax_class = models.CharField(
        _("Tax"), max_length=20, choices=TaxClass.choices, default=TaxClass.STANDARD
    )

    class Meta(AbstractProductClass.Meta):
        abstract = False


class AttributeOption(AbstractAttributeOption):
    swatch = models.CharField(
        _("Colour of the dot"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}$")],
        help_text=_("For colours, e.g. #c8452d"),
    )

    class Meta(AbstractAttributeOption.Meta):
        abstract = False


from oscar.apps.catalogue.models import *  # noqa: E402,F403
