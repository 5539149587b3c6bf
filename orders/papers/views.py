"""An order's invoice and credit notes, for whoever may see the order."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from orders.models import Order
from orders.papers.exceptions import PrintingFailed
from orders.papers.files import document_pdf, pdf_response
from orders.papers.models import Document, DocumentKind
from orders.views import OrderView
from shop.core.throttle import Throttle

logger = logging.getLogger(__name__)

PRINTS_PER_ORDER = Throttle("paper-print", limit=60, seconds=3600)


def print_for(
    request: HttpRequest, make: Callable[[], bytes], *, name: str, order: Order, back: str
) -> HttpResponseBase:
    """What ``make`` prints for a shopper, so many an hour; else they are told why on the page ``back``."""
    if not PRINTS_PER_ORDER.allows(order.number):
        messages.warning(request, _("That was a lot of downloads. Please wait an hour."))
        return redirect(back)
    try:
        return pdf_response(make(), name=name)
    except PrintingFailed:
        logger.exception("%s could not be printed", name)
        messages.error(request, _("It cannot be printed right now. Please try again soon."))
        return redirect(back)


class PaperView(OrderView):
    """One paper of the order. Another order's does not exist."""

    def dispatch(self, request: HttpRequest, *args, paper: str = "", **kwargs) -> HttpResponse:
        self.paper_number = paper
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs) -> HttpResponseBase:
        paper = self.paper()
        if paper is None:
            raise Http404
        return self._print(request, paper)

    def paper(self) -> Document | None:
        return self.order.documents.filter(number=self.paper_number).first()

    def _print(self, request: HttpRequest, paper: Document) -> HttpResponseBase:
        return print_for(
            request,
            lambda: document_pdf(paper),
            name=paper.number,
            order=self.order,
            back=self.links.page,
        )


class InvoiceView(PaperView):
    """The invoice, whatever its number: mails link here before it is written."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponseBase:
        paper = self.paper()
        if paper is None:
            messages.info(request, _("There is no invoice for this order yet."))
            return redirect(self.links.page)
        return self._print(request, paper)

    def paper(self) -> Document | None:
        return self.order.documents.filter(kind=DocumentKind.INVOICE).first()
