"""Sending something back, for whoever may see the order. `crm.customer` finds it in the account."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable
from orders.exceptions import ImpossibleStep
from orders.papers.files import pdf_response
from orders.papers.views import print_for
from orders.returns import services
from orders.returns.exceptions import ReturnRefused
from orders.returns.forms import ReturnForm, SendForm
from orders.returns.models import ComplaintPhoto, ReturnPhoto, private_storage
from orders.returns.pages import ReturnPage
from orders.returns.selectors import return_of, returnables_of
from orders.returns.slip import slip_name, slip_pdf
from orders.returns.words import policies_shown, policy_sentences
from orders.views import OrderView

MAX_ID = 2**63 - 1


def photo_response(photo: ReturnPhoto | ComplaintPhoto) -> HttpResponseBase:
    """The picture for whoever may see it; 404 when its file is gone."""
    try:
        content = private_storage().open(photo.image.name)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, content_type="image/webp")


class AskView(OrderView):
    """The lines of an order that may come back, with a reason for each."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._form(self._asked())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = self._asked(request.POST, request.FILES)
        if not form.is_valid():
            return self._form(form, status=422)
        try:
            back = services.return_ask(
                order=self.order,
                wanted=form.wanted(),
                key=form.cleaned_data["key"],
                photos=form.cleaned_data["photos"],
                language=get_language() or "en",
                user=request.user if request.user.is_authenticated else None,
                wish=form.cleaned_data["wish"],
            )
        except ReturnRefused as error:
            form.add_error(None, error.message)
            return self._form(form, status=422)
        messages.success(request, _("We have it. You find everything about it on this page."))
        return redirect(self.links.return_page(back.number))

    def _asked(self, *data: Any) -> ReturnForm:
        is_member = self.order.user_id is not None
        return ReturnForm(*data, lines=returnables_of(self.order), is_member=is_member)

    def _form(self, form: ReturnForm, status: int = 200) -> HttpResponse:
        context = {
            "page": self.page,
            "form": form,
            "rules": [policy_sentences(one) for one in policies_shown(form.lines)],
        }
        return render(self.request, "returns/ask.html", context, status=status)


class ReturnView(OrderView):
    """Finds a return of the order."""

    def dispatch(
        self, request: HttpRequest, *args, code: str, pk: int = 0, **kwargs
    ) -> HttpResponse:
        self.code, self.photo_pk = code, min(pk, MAX_ID)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def shown(self) -> ReturnPage:
        """Raises ``Http404`` where the order has no such return."""
        back = return_of(self.order, self.code)
        if back is None:
            raise Http404
        return ReturnPage(back, self.links)

    @property
    def shopper(self) -> Any:
        return self.request.user if self.request.user.is_authenticated else None


class ShowView(ReturnView):
    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.render(SendForm())

    def render(self, form: SendForm, status: int = 200) -> HttpResponse:
        context = {"page": self.shown, "form": form}
        return render(self.request, "returns/return.html", context, status=status)


class SlipView(ReturnView):
    """The paper that lies in the parcel."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponseBase:
        shown = self.shown
        if not shown.has_slip:
            return redirect(shown.links.page)
        return print_for(
            request,
            lambda: slip_pdf(shown.back),
            name=slip_name(shown.back),
            order=self.order,
            back=shown.links.page,
        )


class SendView(ShowView):
    """The shopper says that it was handed in."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return redirect(self.shown.links.page)

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = SendForm(request.POST)
        if not form.is_valid():
            return self.render(form, status=422)
        try:
            services.return_send(back=self.shown.back, user=self.shopper, **form.cleaned_data)
        except ImpossibleStep:
            messages.warning(request, _("Something has changed meanwhile; here is how it stands."))
        else:
            messages.success(request, _("Thank you. We write to you when it is here."))
        return redirect(self.shown.links.page)


class LabelView(ReturnView):
    """The carrier's label for the way back: made by a POST, fetched as often as it is printed."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponseBase:
        label = self.shown.label
        if label is None or not label.pdf:
            raise Http404
        return pdf_response(bytes(label.pdf), name=f"label-{self.shown.back.number}")

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if not self.shown.has_label:
            raise Http404
        try:
            services.return_label(back=self.shown.back, user=self.shopper)
        except (CarrierRefused, CarrierUnavailable, ImpossibleStep):
            text = _("There is no label right now. Please try again in a minute, or write to us.")
            messages.warning(request, text)
        else:
            messages.success(
                request, _("Your label is ready: print it and stick it on the parcel.")
            )
        return redirect(self.shown.links.page)


class DropView(ReturnView):
    """The shopper handed it in under our label."""

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            services.return_drop(back=self.shown.back, user=self.shopper)
        except ImpossibleStep:
            messages.warning(request, _("Something has changed meanwhile; here is how it stands."))
        except (CarrierRefused, CarrierUnavailable):
            messages.success(request, _("Thank you. We write to you when it is here."))
        else:
            messages.success(request, _("Thank you. We write to you when it is here."))
        return redirect(self.shown.links.page)


class CancelView(ReturnView):
    """Takes the wish back."""

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            services.return_cancel(back=self.shown.back, user=self.shopper)
        except ImpossibleStep:
            messages.warning(request, _("Something has changed meanwhile; here is how it stands."))
        else:
            messages.success(request, _("Your return is cancelled. You keep your things."))
        return redirect(self.shown.links.page)


class PhotoView(ReturnView):
    def get(self, request: HttpRequest, **kwargs) -> HttpResponseBase:
        photo = get_object_or_404(ReturnPhoto, back=self.shown.back, pk=self.photo_pk)
        return photo_response(photo)
