"""Topics of guides in the back office."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.content import services
from catalog.content.dashboard.forms import TopicForm
from catalog.content.models import Topic
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1


def topic_list(request: HttpRequest) -> HttpResponse:
    rows = Topic.objects.annotate(written=Count("articles")).order_by("position", "pk")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_add": may(request.user, "topic-add"),
        "may_change": may(request.user, "topic-detail"),
    }
    return render(request, "content/office/topic_list.html", context)


def topic_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, Topic(), title=_("New topic"))


def topic_detail(request: HttpRequest, pk: int) -> HttpResponse:
    topic = get_object_or_404(Topic, pk=min(pk, MAX_ID))
    return _edit(request, topic, title=topic.name)


def topic_delete(request: HttpRequest, pk: int) -> HttpResponse:
    topic = get_object_or_404(Topic, pk=min(pk, MAX_ID))
    services.topic_delete(topic)
    messages.success(request, _("“%(name)s” is gone; its guides stay.") % {"name": topic.name})
    return redirect("dashboard:topic-list")


def _edit(request: HttpRequest, topic: Topic, *, title: str) -> HttpResponse:
    form = TopicForm(request.POST or None, instance=topic)
    if request.method == "POST" and form.is_valid():
        services.topic_save(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("dashboard:topic-list")
    delete_url = ""
    if topic.pk and may(request.user, "topic-delete", "POST"):
        delete_url = reverse("dashboard:topic-delete", kwargs={"pk": topic.pk})
    context = {
        "title": title,
        "form": form,
        "back_url": reverse("dashboard:topic-list"),
        "back_name": _("Topics"),
        "delete_url": delete_url,
        "delete_text": _("Its guides stay, without a topic."),
        "about": _("What guides are about"),
        "about_text": _("Each topic that has guides to read gets a list of its own."),
    }
    return render(request, "facts/texts_form.html", context, status=422 if form.errors else 200)
