"""Telling the shop that something should not stand there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from catalog.opinions.exceptions import OwnOpinion
from catalog.opinions.forms import ReportForm
from catalog.opinions.selectors.states import opinion_shown
from catalog.opinions.services.moderation import report_write
from catalog.opinions.views.shared import (
    REPORTS,
    address_of,
    family_of,
    is_full,
    number_of,
    refused,
    sign_in,
    too_many,
)


class OpinionReport(View):
    """A small page with the text in question and what may be wrong with it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.product = family_of(kwargs["product_pk"])
        self.kind, self.key = kwargs["kind"], number_of(kwargs["pk"])
        there = address_of(self.product, "opinion-report", kind=self.kind, pk=self.key)
        if not request.user.is_authenticated:
            return sign_in(request, there)
        self.text = opinion_shown(self.product, kind=self.kind, pk=self.key)
        if self.text is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(ReportForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ReportForm(request.POST)
        if is_full(REPORTS, request):
            form.add_error(None, too_many())
            return self.page(form, status=429)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            is_new = report_write(
                user=request.user,
                kind=self.kind,
                pk=self.key,
                reason=form.cleaned_data["reason"],
                text=form.cleaned_data["note"],
            )
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except OwnOpinion:
            text = _("You wrote this yourself.")
            return refused(request, self.product, text, status=409)
        if is_new:
            messages.success(request, _("Thank you. Somebody of our team will look at it."))
        else:
            messages.info(request, _("You have reported it already; we will look at it."))
        page = "reviews-list" if self.kind == "review" else "questions-list"
        return redirect(address_of(self.product, page))

    def page(self, form: ReportForm, *, status: int = 200) -> HttpResponse:
        context = {"product": self.product, "form": form, "kind": self.kind, "text": self.text}
        return render(self.request, "opinions/report.html", context, status=status)
