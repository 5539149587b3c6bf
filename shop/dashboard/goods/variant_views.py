"""The matrix of variants on one page: choose options, fill in the rows, save all of them."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.models import Product
from shop.core.money import exponent
from shop.dashboard.goods import matrix
from shop.dashboard.goods.checking import MOST_PRICE, MOST_UNITS
from shop.dashboard.goods.exceptions import PlanChanged, RowRefused
from shop.dashboard.goods.imports import BOOK_STOCK
from shop.dashboard.goods.models import ProductPlan
from shop.dashboard.goods.tabs import all_valid, conflict_words, product_tabs, version_read
from supply.exceptions import OutOfStock, SupplyRefused
from supply.rights import FEWER, may_take_away

AXES_SHOWN = 3  # attributes that are offered at once where no variant says which matter


class ChooseForm(forms.Form):
    """Which options make variants, and with what the new rows begin."""

    stem = forms.CharField(label=gettext_lazy("SKUs begin with"), required=False, max_length=60)
    price = forms.DecimalField(
        label=gettext_lazy("Price of new rows"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )

    def __init__(self, *args: Any, axes: list[matrix.Axis], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.axes = axes
        for axis in axes:
            self.fields[f"axis_{axis.attribute.pk}"] = forms.MultipleChoiceField(
                label=axis.attribute.name,
                required=False,
                choices=[(str(option.pk), option.option) for option in axis.options],
                widget=forms.CheckboxSelectMultiple,
            )

    def chosen(self) -> list[tuple[matrix.Axis, list[Any]]]:
        self.is_valid()
        found = []
        for axis in self.axes:
            picked = set(self.cleaned_data.get(f"axis_{axis.attribute.pk}", ()))
            found.append((axis, [one for one in axis.options if str(one.pk) in picked]))
        return found


class RowForm(forms.Form):
    """One variant. Its fields name it, so that each control says whose it is."""

    sku = forms.CharField(label=gettext_lazy("SKU"), max_length=128)
    price = forms.DecimalField(
        label=gettext_lazy("Price"),
        min_value=0,
        max_value=MOST_PRICE - 1,
        max_digits=12,
        decimal_places=2,
    )
    stock = forms.IntegerField(
        label=gettext_lazy("Units on hand"), min_value=0, max_value=MOST_UNITS, required=False
    )
    barcode = forms.CharField(label=gettext_lazy("Bar code"), max_length=64, required=False)
    is_public = forms.BooleanField(label=gettext_lazy("On sale"), required=False)

    def __init__(
        self,
        *args: Any,
        cell: matrix.Cell,
        start: dict,
        may_stock: bool,
        may_fewer: bool,
        **kwargs: Any,
    ):
        record, product = cell.record, cell.product
        initial = {
            "sku": record.partner_sku if record else start["sku"],
            "price": record.price if record else start["price"],
            "stock": record.num_in_stock if record else None,
            "barcode": (product.upc if product else "") or "",
            "is_public": product.is_public if product else True,
        }
        super().__init__(*args, prefix=cell.key, initial=initial, **kwargs)
        self.cell, self.may_fewer = cell, may_fewer
        if not may_stock:
            self.fields["stock"].disabled = True
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {cell.name}"

    def clean_price(self) -> Decimal:
        price, record = self.cleaned_data["price"], self.cell.record
        currency = record.price_currency if record else settings.OSCAR_DEFAULT_CURRENCY
        if price != price.quantize(exponent(currency)):
            raise forms.ValidationError(
                _("The price is finer than the smallest coin of %(currency)s.")
                % {"currency": currency}
            )
        return price

    def clean_stock(self) -> int | None:
        units, record = self.cleaned_data["stock"], self.cell.record
        held = (record.num_allocated or 0) if record else 0
        if units is not None and "stock" in self.changed_data and units < held:
            raise forms.ValidationError(_("Orders hold %(units)d units of it.") % {"units": held})
        there = (record.num_in_stock or 0) if record else 0
        if units is not None and units < there and not self.may_fewer:
            raise forms.ValidationError(FEWER)
        return units

    def wanted(self) -> matrix.Wanted:
        data = self.cleaned_data
        return matrix.Wanted(
            cell=self.cell,
            sku=data["sku"],
            price=data["price"],
            stock=data["stock"] if "stock" in self.changed_data else None,
            barcode=data["barcode"],
            is_public=data["is_public"],
        )


def product_variants(request: HttpRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.exclude(structure=Product.CHILD), pk=pk)
    axes = matrix.axes_of(product)
    choose = ChooseForm(request.GET or None, axes=axes)
    chosen = choose.chosen() if choose.is_bound else []
    cells = matrix.cells_of(product, chosen)
    is_counted = product.product_class is None or product.product_class.track_stock
    may_stock = is_counted and request.user.has_perm(BOOK_STOCK)
    refusal = _refusal(product, max(len(cells), matrix.chosen_number(chosen)))
    data = request.POST if request.method == "POST" else None
    rights = {"may_stock": may_stock, "may_fewer": may_take_away(request.user)}
    rows = [_row(cell, choose, product, data, rights) for cell in cells[: matrix.MOST]]
    used = {option.group_id for cell in cells for option in cell.options}
    context = {
        "product": product,
        "axes": axes,
        "shown": _shown(choose, axes, used),
        "choose": choose,
        "rows": rows,
        "new": sum(cell.product is None for cell in cells),
        "refusal": refusal,
        "may_stock": may_stock,
        "version": _version(product, data),
        "key": uuid.uuid4(),
        "tabs": product_tabs(product, "variants"),
    }
    if data is None or refusal:
        return render(request, "goods/variants.html", context, status=422 if data else 200)
    return _save(request, product, rows, data, context)


def _shown(choose: ChooseForm, axes: list[matrix.Axis], used: set[int]) -> dict[str, list[Any]]:
    """The attributes that make these variants, else those with most options; the others on demand."""
    ranked = sorted(axes, key=lambda one: -len(one.options))
    first = [one for one in ranked if one.attribute.option_group_id in used]
    first = first or ranked[:AXES_SHOWN]
    fields = {
        "first": first,
        "more": [one for one in ranked if one not in first],
    }
    return {
        name: [choose[f"axis_{one.attribute.pk}"] for one in rows] for name, rows in fields.items()
    }


def _row(
    cell: matrix.Cell,
    choose: ChooseForm,
    product: Product,
    data: QueryDict | None,
    rights: dict[str, bool],
) -> RowForm:
    asked = choose.cleaned_data if choose.is_bound else {}
    stem = asked.get("stem") or product.slug.upper()[:40]
    start = {"sku": matrix.sku_made(stem, cell.options), "price": asked.get("price")}
    return RowForm(data, cell=cell, start=start, **rights)


def _refusal(product: Product, number: int) -> str:
    """Why this product has no variants or not so many."""
    if number > matrix.MOST:
        return _("That would be %(n)d variants; at most %(most)d can be worked on here.") % {
            "n": number,
            "most": matrix.MOST,
        }
    if not product.is_parent and product.stockrecords.exists():
        return _("It is sold as it is. A product with a price of its own has no variants.")
    return ""


def _version(product: Product, data: QueryDict | None) -> int:
    typed = version_read(data.get("version", "")) if data else None
    if typed is not None:
        return typed
    plan = ProductPlan.objects.filter(pk=product.pk).first()
    return plan.version if plan else 0


def _save(
    request: HttpRequest,
    product: Product,
    rows: list[RowForm],
    data: QueryDict,
    context: dict[str, Any],
) -> HttpResponse:
    status = 422
    key = _key(data.get("key", ""))
    if key is None:
        context["problem"] = _("This page is damaged; load it again.")
    elif not rows:
        context["problem"] = _("Choose options first: they make the rows.")
    elif all_valid(rows):
        wanted = [row.wanted() for row in rows]
        errors = matrix.skus_taken(wanted)
        for row in rows:
            for name in ("sku", "barcode"):
                if error := errors.get(f"{row.cell.key}.{name}"):
                    row.add_error(name, error)
        if not errors:
            try:
                new = matrix.variants_save(
                    product=product,
                    wanted=wanted,
                    key=key,
                    version=context["version"],
                    user=request.user,
                )
            except PlanChanged as changed:
                context["problem"], status = conflict_words(changed), 409
                context["version"] = changed.plan.version  # type: ignore[attr-defined]
            except OutOfStock:
                context["problem"] = _("Orders took units meanwhile; look at the units again.")
            except (RowRefused, SupplyRefused) as refusal:
                context["problem"] = str(refusal)
            else:
                text = ngettext(
                    "Saved; %(n)d variant is new.", "Saved; %(n)d variants are new.", new
                )
                messages.success(request, text % {"n": new} if new else _("Saved."))
                return redirect("dashboard:product-variants", pk=product.pk)
    return render(request, "goods/variants.html", context, status=status)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
