"""Guides in the back office: what is written, what is planned, and the goods in it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.content import services
from catalog.content.dashboard.forms import ArticleForm
from catalog.content.dashboard.goods import GoodsForm, goods_context
from catalog.content.models import Article
from shop.core.finding import FindForm
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1


def article_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None, hint=_("Title"))
    text = form.text()
    rows = (
        Article.objects.select_related("topic")
        .defer("body", "body_html")
        .annotate(goods=Count("links__product", distinct=True))
        .order_by("-updated_at", "-pk")
    )
    if text:
        rows = rows.filter(Q(title_en__icontains=text) | Q(title_zh_hans__icontains=text))
    context = {
        "form": form,
        "text": text,
        "now": timezone.now(),
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_add": may(request.user, "article-add"),
        "may_change": may(request.user, "article-detail"),
    }
    return render(request, "content/office/article_list.html", context)


def article_add(request: HttpRequest) -> HttpResponse:
    form = ArticleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        article = services.article_save(form.save(commit=False))
        messages.success(request, _("Saved. Now say which products it is about."))
        return redirect("dashboard:article-detail", pk=article.pk)
    return article_form(request, Article(), form)


def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(Article, pk=min(pk, MAX_ID))
    form = ArticleForm(request.POST or None, request.FILES or None, instance=article)
    if request.method == "POST" and form.is_valid():
        services.article_save(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("dashboard:article-detail", pk=pk)
    return article_form(request, article, form)


def article_delete(request: HttpRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(Article, pk=min(pk, MAX_ID))
    services.article_delete(article)
    messages.success(request, _("“%(name)s” is gone.") % {"name": article.title})
    return redirect("dashboard:article-list")


def article_form(
    request: HttpRequest,
    article: Article,
    form: ArticleForm | None = None,
    *,
    goods_form: GoodsForm | None = None,
) -> HttpResponse:
    """The page of one guide. ``goods_form``: when it was the choice of products that failed."""
    form = form or ArticleForm(instance=article)
    saved = Article.objects.filter(pk=article.pk).first() if article.pk else None
    shop_url = ""
    if saved and Article.objects.shown().filter(pk=saved.pk).exists():
        shop_url = reverse("content:guide", kwargs={"slug": saved.slug})
    context: dict[str, Any] = {
        "title": saved.title if saved else _("New guide"),
        "article": saved,
        "form": form,
        "shop_url": shop_url,
        "preview_url": reverse("dashboard:article-preview"),
        "may_delete": bool(saved) and may(request.user, "article-delete", "POST"),
        "may_change": may(request.user, "article-detail", "POST"),
        **(goods_context(saved, goods_form) if saved else {}),
    }
    status = 422 if form.errors or goods_form else 200
    return render(request, "content/office/article.html", context, status=status)
