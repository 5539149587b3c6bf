"""The questions on a page of questions, in the back office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.content import services
from catalog.content.dashboard.forms import QuestionForm
from catalog.content.models import FaqItem, Page, PageKind
from shop.core.office import may

MAX_ID = 2**63 - 1


def question_add(request: HttpRequest, pk: int) -> HttpResponse:
    pages = Page.objects.filter(kind=PageKind.QUESTIONS)
    page = get_object_or_404(pages, pk=min(pk, MAX_ID))
    item = FaqItem(page=page, position=page.questions.count())
    return _edit(request, item, title=_("New question"))


def question_detail(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(FaqItem.objects.select_related("page"), pk=min(pk, MAX_ID))
    return _edit(request, item, title=item.question)


def question_delete(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(FaqItem, pk=min(pk, MAX_ID))
    services.faq_item_delete(item)
    messages.success(request, _("The question is gone."))
    return redirect("dashboard:page-detail", pk=item.page_id)


def _edit(request: HttpRequest, item: FaqItem, *, title: str) -> HttpResponse:
    form = QuestionForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        services.faq_item_save(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("dashboard:page-detail", pk=item.page_id)
    delete_url = ""
    if item.pk and may(request.user, "question-delete", "POST"):
        delete_url = reverse("dashboard:question-delete", kwargs={"pk": item.pk})
    context = {
        "title": title,
        "form": form,
        "page": item.page,
        "delete_url": delete_url,
        "preview_url": reverse("dashboard:page-preview"),
    }
    status = 422 if form.errors else 200
    return render(request, "content/office/question.html", context, status=status)
