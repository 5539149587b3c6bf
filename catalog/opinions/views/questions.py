"""Asking, answering, and finding what was asked before."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from catalog.models import Product
from catalog.opinions.exceptions import OwnOpinion
from catalog.opinions.forms import AnswerForm, QuestionForm
from catalog.opinions.heads import question_head, questions_head
from catalog.opinions.pages import questions_page
from catalog.opinions.selectors.questions import questions_of, questions_ready
from catalog.opinions.services import questions as services
from catalog.opinions.views.shared import (
    QUESTIONS,
    QUESTIONS_PER_ADDRESS,
    VOTES,
    WRITES,
    address_of,
    family_of,
    is_full,
    is_htmx,
    moved,
    number_of,
    refused,
    sign_in,
    too_many,
)
from shop.core.throttle import client_address


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class QuestionsList(View):
    """All questions of a product, a search in them, and the form to ask."""

    product: Product

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.product = family_of(kwargs["product_pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if there := moved(request, address_of(self.product, "questions-list")):
            return there
        return self.page(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        address = client_address(request)
        if is_full(QUESTIONS, request) or not QUESTIONS_PER_ADDRESS.allows(address):
            form.add_error(None, too_many())
            return self.page(form, status=429)
        if not form.is_valid():
            return self.page(form, status=422)
        user = request.user if request.user.is_authenticated else None
        services.question_ask(product=self.product, user=user, **form.cleaned_data)
        said = _("Thank you. We read your question, and write you when there is an answer.")
        if is_htmx(request):
            return render(request, "opinions/_said.html", {"text": said, "is_good": True})
        messages.success(request, said)
        return redirect(address_of(self.product, "questions-list"))

    def form(self, data: Any = None) -> QuestionForm:
        guest = not self.request.user.is_authenticated
        return QuestionForm(data, guest=guest, auto_id="ask-%s")

    def page(self, form: QuestionForm, *, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"product": self.product, "question_form": form}
        if status != 200 and is_htmx(self.request):
            return render(self.request, "opinions/_ask.html", context, status=status)
        context |= questions_page(self.product, self.request.GET, user=self.request.user)
        template = "opinions/questions.html"
        if is_htmx(self.request):
            template = "opinions/_questions.html"
        else:
            context["page_head"] = questions_head(self.product, context)
        return render(self.request, template, context, status=status)


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class QuestionDetail(View):
    """One question with all its answers; members add theirs."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.product = family_of(kwargs["product_pk"])
        self.key = number_of(kwargs["pk"])
        self.there = address_of(self.product, "question-detail", pk=self.key)
        rows = questions_of(self.product, only=self.key, user=request.user)
        found = questions_ready(rows)
        if not found:
            raise Http404
        self.question = found[0]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return moved(request, self.there) or self.page(AnswerForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in(request, self.there)
        form = AnswerForm(request.POST)
        if is_full(WRITES, request):
            form.add_error(None, too_many())
            return self.page(form, status=429)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            services.answer_write(
                user=request.user, question_id=self.key, text=form.cleaned_data["text"]
            )
        except ObjectDoesNotExist as error:
            raise Http404 from error
        messages.success(
            request, _("Thank you. We read every answer before it is shown, usually within a day.")
        )
        return redirect(self.there)

    def page(self, form: AnswerForm, *, status: int = 200) -> HttpResponse:
        head = question_head(self.product, self.question, self.there)
        context = {
            "product": self.product,
            "question": self.question,
            "form": form,
            "page_head": head,
        }
        return render(self.request, "opinions/question.html", context, status=status)


@require_POST
@vary_on_headers("HX-Request")
def answer_vote(request: HttpRequest, product_slug: str, product_pk: str, pk: str) -> HttpResponse:
    """An answer is helpful, or is not after all. The fresh button for htmx."""
    product = family_of(product_pk)
    key = number_of(pk)
    if not request.user.is_authenticated:
        return sign_in(request, address_of(product, "questions-list"))
    if is_full(VOTES, request):
        return refused(request, product, too_many(), status=429)
    helpful = request.POST.get("helpful") != "0"
    try:
        answer = services.answer_vote(user=request.user, answer_id=key, helpful=helpful)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OwnOpinion:
        return refused(request, product, _("This is your own answer."), status=409)
    there = address_of(product, "question-detail", pk=answer.question_id)
    if not is_htmx(request):
        return redirect(there)
    answer.helpful, answer.is_mine_helpful = answer.votes.count(), helpful
    context = {"product": product, "answer": answer}
    return render(request, "opinions/_answer_vote.html", context)
