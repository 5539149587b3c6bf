"""Oscar's catalogue; texts exist once per language (catalog/translation.py)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractAttributeOption, AbstractProductClass


class TaxClass(models.TextChoices):
    """Which of the shop's tax rates a kind of product bears."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate (food, books)")
    NONE = "none", _("No tax (gift cards)")


class Kind(models.TextChoices):
    """What the products of a class are, and so how they are handed over."""

    GOODS = "goods", _("Goods: counted and sent")
    DOWNLOAD = "download", _("Download: files, after payment")
    SERVICE = "service", _("Service: somebody does it")
    VOUCHER = "voucher", _("Gift card: a code by mail")
    SET = "set", _("Set: made of other products")


class ProductClass(AbstractProductClass):
    """``kind`` decides what follows from it, see `catalog.kinds`; only goods travel or are counted."""

    kind = models.CharField(
        _("What it is"), max_length=20, choices=Kind.choices, default=Kind.GOODS
    )
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
