"""Oscar's catalogue forms, with every text in both languages and without the stock counters."""

import nh3
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.catalogue import forms as core
from oscar.core.utils import slugify

from catalog.facts.models import Brand, ProductFacts
from catalog.facts.services import product_brand_set
from catalog.kinds.consequences import kind_consequences
from catalog.models import (
    AttributeOption,
    Category,
    Kind,
    Product,
    ProductAttribute,
    ProductClass,
)
from catalog.tree.services import category_save
from shop.core.office import may
from shop.dashboard.catalogue.fields import CategoryField
from shop.dashboard.catalogue.shelving import ShelvingMixin
from shop.dashboard.catalogue.uploads import CleanPictureMixin
from shop.dashboard.goods.models import ProductPlan
from shop.dashboard.goods.plans import Standing, plan_hold, standing_set

MOMENT = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
LANGUAGES = [(code.replace("-", "_"), name) for code, name in settings.LANGUAGES]
FIRST = LANGUAGES[0][0]  # the language that must be filled in


def in_languages(*names: str) -> list[str]:
    """``title`` → ``title_en``, ``title_zh_hans``."""
    return [f"{name}_{code}" for name in names for code, _label in LANGUAGES]


class BothLanguagesMixin:
    """Names each field's language, wants the first, cleans HTML and writes the slug."""

    translated: dict = {}
    rich = ("description",)
    slug_from = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in self.translated.items():
            for code, language in LANGUAGES:
                field = self.fields.get(f"{name}_{code}")
                if field is None:
                    continue
                field.label = _("%(label)s (%(language)s)") % {"label": label, "language": language}
                field.widget.attrs["lang"] = code.replace("_hans", "-Hans")
                if name in self.rich or name == "meta_description":
                    field.widget = forms.Textarea(attrs=field.widget.attrs | {"rows": 5})
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Left empty it is made from the English name.")

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data  # some of Oscar's return nothing
        for name in in_languages(*self.rich):
            if data.get(name):
                data[name] = nh3.clean(data[name])
        if "slug" in self.fields and not data.get("slug") and self.slug_from:
            data["slug"] = slugify(data.get(f"{self.slug_from}_{FIRST}") or "")[:200]
        return data


class ProductForm(ShelvingMixin, BothLanguagesMixin, core.ProductForm):
    translated = {
        "title": _("Title"),
        "description": _("Description"),
        "meta_title": _("Title for search engines"),
        "meta_description": _("Description for search engines"),
    }
    slug_from = "title"
    seo_fields = [*in_languages("meta_title", "meta_description"), "slug"]

    class Meta(core.ProductForm.Meta):
        model = Product
        fields = [
            *in_languages("title"),
            "upc",
            *in_languages("description"),
            "is_public",
            "is_discountable",
            "structure",
            "slug",
            *in_languages("meta_title", "meta_description"),
        ]
        widgets = {"structure": forms.HiddenInput()}

    brand = forms.ModelChoiceField(
        label=_("Brand"), queryset=Brand.objects.all(), required=False, empty_label=_("None")
    )

    standing = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (Standing.SALE.value, _("On sale in the shop")),
            (Standing.DRAFT.value, _("Draft: only we see it")),
            (Standing.ARCHIVE.value, _("Archived: out of the way, kept for the books")),
        ],
        widget=forms.RadioSelect,
    )
    starts_at = forms.DateTimeField(label=_("On sale from"), required=False, widget=MOMENT)
    ends_at = forms.DateTimeField(label=_("On sale until"), required=False, widget=MOMENT)
    version = forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )
    plan_fields = ("standing", "starts_at", "ends_at", "version")

    def __init__(self, product_class, *args, data=None, parent=None, user=None, **kwargs):
        self.user_id = user.pk if user else None
        super().__init__(product_class, *args, data=data, parent=parent, **kwargs)
        self.fields[f"title_{FIRST}"].required = parent is None
        if parent is None:
            self.fields.pop("is_public")
            self._show_plan()
            self.shelving_add(
                self.instance if self.instance.pk else None,
                may_see=user is not None and may(user, "collection-list"),
                may_change=user is not None and may(user, "range-products", "POST"),
            )
        else:
            for name in self.plan_fields:
                self.fields.pop(name)
        if "is_public" in self.fields:
            self.fields["is_public"].label = _("On sale in the shop")
        self.fields["upc"].help_text = _("The code under the bars, if it has one.")
        if "is_discountable" in self.fields:
            self.fields["is_discountable"].label = _("May be part of offers")
            self.fields["is_discountable"].help_text = ""
        if "brand" in self.fields and self.instance.pk:
            facts = ProductFacts.objects.filter(pk=self.instance.pk).first()
            self.initial["brand"] = facts.brand_id if facts else None

    def delete_non_child_fields(self) -> None:
        super().delete_non_child_fields()
        for name in (*in_languages("description"), "brand"):
            self.fields.pop(name, None)

    def _show_plan(self) -> None:
        """How the product stands now, and which version of it this page shows."""
        plan = ProductPlan.objects.filter(pk=self.instance.pk).first()
        is_archived = plan is not None and plan.archived_at is not None
        is_sale = self.instance.pk and (self.instance.is_public or (plan and plan.starts_at))
        now = Standing.ARCHIVE if is_archived else Standing.SALE if is_sale else Standing.DRAFT
        self.initial |= {
            "standing": now.value,
            "starts_at": plan.starts_at if plan else None,
            "ends_at": plan.ends_at if plan else None,
            "version": plan.version if plan else 0,
        }
        self.fields["starts_at"].help_text = _("Empty: at once.")
        self.fields["ends_at"].help_text = _("Empty: for good.")

    def save(self, *args, **kwargs) -> Product:
        """Raises ``PlanChanged`` when somebody else was quicker; call it in a transaction."""
        data = self.cleaned_data
        if "standing" not in self.fields:
            plan_hold(product_id=self.instance.parent_id, version=None, user_id=self.user_id)
            return super().save(*args, **kwargs)
        standing = Standing(data["standing"] or Standing.DRAFT)
        is_new = self.instance.pk is None
        if is_new:
            self.instance.is_public = False
        else:
            version = data["version"]
            plan_hold(product_id=self.instance.pk, version=version, user_id=self.user_id)
        product = super().save(*args, **kwargs)
        if "brand" in data:
            product_brand_set(product=product, brand=data["brand"])
        standing_set(
            product=product,
            standing=standing,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            user_id=self.user_id,
        )
        self.shelving_save(product)
        return product

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("slug") and self.instance.is_child:
            data["slug"] = self.instance.slug or slugify(self.instance.parent.slug)
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if ends_at and (ends_at <= timezone.now() or (starts_at and ends_at <= starts_at)):
            self.add_error("ends_at", _("The end lies after the beginning and after now."))
        return data


class CategoryForm(CleanPictureMixin, BothLanguagesMixin, core.SEOFormMixin, forms.ModelForm):
    """Its words. A new one is told below which it begins; later the tree is where places change."""

    translated = {
        "name": _("Name"),
        "description": _("Description"),
        "meta_title": _("Title for search engines"),
        "meta_description": _("Description for search engines"),
    }
    pictures = ("image",)
    slug_from = "name"
    seo_fields = [*in_languages("meta_title", "meta_description"), "slug"]
    parent = CategoryField(label=_("Below"), required=False, empty_label=_("The top level"))

    class Meta:
        model = Category
        fields = [
            *in_languages("name"),
            "slug",
            *in_languages("description"),
            "image",
            "is_public",
            "exclude_from_menu",
            *in_languages("meta_title", "meta_description"),
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[f"name_{FIRST}"].required = True
        if self.instance.pk:
            self.fields.pop("parent")
        else:
            self.order_fields(["parent"])

    def save(self, commit: bool = True) -> Category:
        """Raises ``MoveRefused`` when there is no place for a new one."""
        return category_save(category=self.instance, parent=self.cleaned_data.get("parent"))


class ProductClassForm(BothLanguagesMixin, core.ProductClassForm):
    translated = {"name": _("Name")}
    rich = ()

    class Meta(core.ProductClassForm.Meta):
        model = ProductClass
        fields = [
            *in_languages("name"),
            "kind",
            "tax_class",
            "requires_shipping",
            "track_stock",
            "options",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[f"name_{FIRST}"].required = True
        self.fields["kind"].help_text = _(
            "Only goods are sent and counted; gift cards bear no tax. It stays once products have it."
        )
        self.fields["options"].widget = forms.CheckboxSelectMultiple(
            choices=self.fields["options"].choices
        )

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        if self.instance.pk and "kind" in self.changed_data and self.instance.products.exists():
            raise forms.ValidationError(_("Products have this type already. Make a new type."))
        return kind

    def clean(self) -> dict:
        """What follows from the kind is set here, whatever was ticked."""
        data = super().clean()
        for name, value in kind_consequences(data.get("kind") or Kind.GOODS).items():
            data[name] = value
        return data


class ProductAttributesForm(BothLanguagesMixin, core.ProductAttributesForm):
    translated = {"name": _("Name")}
    rich = ()

    class Meta(core.ProductAttributesForm.Meta):
        model = ProductAttribute
        fields = [*in_languages("name"), "code", "type", "option_group", "required"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[f"name_{FIRST}"].required = True
        group = self.fields["option_group"]
        group.widget = forms.Select(choices=group.choices)
        group.help_text = ""

    def clean_code(self) -> str:
        code = self.cleaned_data.get("code")
        name = self.cleaned_data.get(f"name_{FIRST}")
        return code or (slugify(name).replace("-", "_") if name else "")


class AttributeOptionForm(BothLanguagesMixin, core.AttributeOptionForm):
    translated = {"option": _("Option")}
    rich = ()

    class Meta(core.AttributeOptionForm.Meta):
        model = AttributeOption
        fields = in_languages("option")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[f"option_{FIRST}"].required = True


class StockRecordForm(core.StockRecordForm):
    """Price and SKU. Units are booked on the stock page, where each leaves a row in the ledger."""

    class Meta(core.StockRecordForm.Meta):
        fields = ["partner", "partner_sku", "price_currency", "price", "low_stock_threshold"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["price_currency"].disabled = True
        self.fields["price"].min_value = 0
        self.fields["partner_sku"].label = _("SKU")
        self.fields["partner"].label = _("Sold by")
        if "low_stock_threshold" in self.fields:
            self.fields["low_stock_threshold"].label = _("Low from (units)")


class ProductClassSelectForm(core.ProductClassSelectForm):
    """Oscar's."""


class ProductImageForm(CleanPictureMixin, core.ProductImageForm):
    pictures = ("original",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["original"].label = _("Picture")

    class Meta(core.ProductImageForm.Meta):
        widgets = {
            "original": forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
            "display_order": forms.HiddenInput(),
        }
