"""Which products stand beside a guide, and in which order."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.cards import pictures_of
from catalog.content import services
from catalog.content.exceptions import ContentRefused
from catalog.content.models import Article
from catalog.models import Product

MAX_ID = 2**63 - 1
LOOKS_LIKE = 6  # products named when a word fits several


class GoodsForm(forms.Form):
    """``family`` after validation: the one that the SKU, the address or the words name."""

    q = forms.CharField(label=gettext_lazy("SKU or title"), max_length=120)

    def clean_q(self) -> str:
        text = self.cleaned_data["q"].strip()
        named = services.families_named([text])
        found = list(Product.objects.filter(pk__in=named.values())) or _by_title(text)
        if not found:
            raise forms.ValidationError(_("Nothing has this SKU or title."))
        if len(found) > 1:
            names = ", ".join(one.title for one in found[:LOOKS_LIKE])
            said = _("Several fit: %(names)s. Please say more of the title, or the SKU.")
            raise forms.ValidationError(said % {"names": names})
        self.family = found[0]
        return text


def _by_title(text: str) -> list[Product]:
    families = Product.objects.exclude(structure=Product.CHILD)
    exact = families.filter(Q(title_en__iexact=text) | Q(title_zh_hans__iexact=text))
    words = Q()
    for word in text.split()[:6]:
        words &= Q(title_en__icontains=word) | Q(title_zh_hans__icontains=word)
    return list(exact[:2]) or list(families.filter(words).order_by("pk")[: LOOKS_LIKE + 1])


def goods_context(article: Article, form: GoodsForm | None) -> dict[str, Any]:
    """What `content/office/_goods.html` takes."""
    links = list(article.links.select_related("product").order_by("position", "pk"))
    pictures = pictures_of([link.product for link in links])
    rows = [
        {"product": link.product, "picture": next(iter(pictures[link.product_id]), None)}
        for link in links
        if not link.is_inside
    ]
    return {
        "goods": rows,
        "inside": [link.product for link in links if link.is_inside],
        "goods_form": form or GoodsForm(auto_id="goods_%s"),
    }


def goods_add(request: HttpRequest, pk: int) -> HttpResponse:
    from catalog.content.dashboard.articles import article_form  # which shows this form

    article = get_object_or_404(Article, pk=min(pk, MAX_ID))
    form = GoodsForm(request.POST, auto_id="goods_%s")
    if form.is_valid():
        try:
            services.article_product_add(article=article, family_id=form.family.pk)
        except ContentRefused as refusal:
            form.add_error("q", refusal.message)
    if form.errors:
        return article_form(request, article, goods_form=form)
    messages.success(request, _("%(name)s is in the guide.") % {"name": form.family.title})
    return _back(pk)


def goods_move(request: HttpRequest, pk: int, family: int) -> HttpResponse:
    article = get_object_or_404(Article, pk=min(pk, MAX_ID))
    step = -1 if request.POST.get("to") == "front" else 1
    services.article_product_move(article=article, family_id=min(family, MAX_ID), step=step)
    return _back(pk)


def goods_remove(request: HttpRequest, pk: int, family: int) -> HttpResponse:
    article = get_object_or_404(Article, pk=min(pk, MAX_ID))
    services.article_product_remove(article=article, family_id=min(family, MAX_ID))
    messages.success(request, _("The product does not stand beside it any more."))
    return _back(pk)


def _back(pk: int) -> HttpResponse:
    response = redirect("dashboard:article-detail", pk=pk)
    response["Location"] += "#goods"
    return response
