"""The pictures of a product: dropped on the page, put in order, described in both languages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.models import Product, ProductImage
from catalog.pictures.selectors import product_images
from catalog.pictures.sources import picture_sources
from shop.dashboard.goods import pictures
from shop.dashboard.goods.exceptions import PlanChanged
from shop.dashboard.goods.models import ProductPlan
from shop.dashboard.goods.tabs import all_valid, conflict_words, product_tabs, version_read

ACCEPTED = "image/jpeg,image/png,image/webp"


class PictureForm(forms.Form):
    """One picture of the list."""

    position = forms.IntegerField(label=gettext_lazy("Place"), min_value=1, max_value=999)
    caption_en = forms.CharField(
        label=gettext_lazy("What it shows (English)"),
        required=False,
        max_length=pictures.CAPTION_MOST,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    caption_zh = forms.CharField(
        label=gettext_lazy("What it shows (Chinese)"),
        required=False,
        max_length=pictures.CAPTION_MOST,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
    is_gone = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, image: ProductImage, place: int, **kwargs: Any) -> None:
        super().__init__(
            *args,
            prefix=f"picture-{image.pk}",
            initial={
                "position": place,
                "caption_en": image.caption_en or "",
                "caption_zh": image.caption_zh_hans or "",
            },
            **kwargs,
        )
        self.image = image
        self.fields["position"].widget.attrs["data-order"] = ""
        facts = getattr(image, "picture_facts", None)
        self.picture = picture_sources(image.original.name or "", facts)

    def row(self) -> pictures.PictureRow:
        data = self.cleaned_data
        return pictures.PictureRow(
            pk=self.image.pk,
            position=data["position"],
            caption_en=data["caption_en"],
            caption_zh=data["caption_zh"],
            is_gone=data["is_gone"],
        )


def product_pictures(request: HttpRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.select_related("parent"), pk=pk)
    if request.method != "POST":
        return _page(request, product)
    if request.POST.get("step") == "upload":
        return _upload(request, product)
    forms_ = _forms(product, request.POST)
    if not all_valid(forms_):
        return _page(request, product, forms_=forms_, status=422)
    try:
        pictures.pictures_set(
            product=product,
            rows=[form.row() for form in forms_],
            version=version_read(request.POST.get("version", "")),
            user_id=request.user.pk,
        )
    except PlanChanged as changed:
        return _page(request, product, forms_=forms_, status=409, conflict=conflict_words(changed))
    messages.success(request, _("Saved."))
    return redirect("dashboard:product-pictures", pk=pk)


def _upload(request: HttpRequest, product: Product) -> HttpResponse:
    files = request.FILES.getlist("files")
    there = ProductImage.objects.filter(product=product).count()
    if not files:
        return _page(request, product, problems=[_("Choose pictures first.")], status=422)
    if len(files) > pictures.MOST_AT_ONCE or there + len(files) > pictures.MOST:
        most = {"once": pictures.MOST_AT_ONCE, "most": pictures.MOST}
        text = _("At most %(once)d pictures at once, %(most)d of one product.") % most
        return _page(request, product, problems=[text], status=422)
    wrong = pictures.pictures_add(product=product, files=files, user_id=request.user.pk)
    if added := len(files) - len(wrong):
        text = ngettext("%(n)d picture is added.", "%(n)d pictures are added.", added)
        messages.success(request, text % {"n": added})
    if wrong:
        lines = [f"{name[:60]}: {problem}" for name, problem in wrong]
        return _page(request, product, problems=lines, status=422)
    return redirect("dashboard:product-pictures", pk=product.pk)


def _forms(product: Product, data: Any = None) -> list[PictureForm]:
    images = product_images().filter(product=product).order_by("display_order", "pk")
    return [PictureForm(data, image=one, place=place) for place, one in enumerate(images, start=1)]


def _page(
    request: HttpRequest,
    product: Product,
    *,
    forms_: list[PictureForm] | None = None,
    problems: list[str] | None = None,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    plan = ProductPlan.objects.filter(pk=pictures.family_of(product)).first()
    context = {
        "product": product,
        "pictures": _forms(product) if forms_ is None else forms_,
        "problems": problems or [],
        "conflict": conflict,
        "version": plan.version if plan else 0,
        "accepted": ACCEPTED,
        "tabs": product_tabs(product, "pictures"),
    }
    return render(request, "goods/pictures.html", context, status=status)
