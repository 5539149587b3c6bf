"""What the shop wrote to people: the queue, what was sent, and what could not be."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from orders.models import Order
from shop.core.mail import WIPED
from shop.core.mail import mail_retry as mail_try_again
from shop.core.models import Mail
from shop.core.office import may

PAGE_SIZE = 40
VIEWS = {
    "queue": (gettext_lazy("Waiting"), Q(sent_at__isnull=True, parked_at__isnull=True)),
    "parked": (gettext_lazy("Not sent"), Q(sent_at__isnull=True, parked_at__isnull=False)),
    "sent": (gettext_lazy("Sent"), Q(sent_at__isnull=False)),
    "all": (gettext_lazy("All"), Q()),
}

# A mail is somebody's HTML: no script, no form, no link out of its frame, nothing from elsewhere.
MAIL_POLICY = (
    f"sandbox; default-src 'none'; img-src 'self' {settings.PUBLIC_URL} data:;"
    " style-src 'unsafe-inline';"
    " frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


def mail_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "all"
    rows = Mail.objects.filter(VIEWS[view][1]).defer("html", "text").order_by("-created_at", "-pk")
    text = request.GET.get("q", "")[:120].strip()
    if text:
        rows = rows.filter(
            Q(to__icontains=text) | Q(subject__icontains=text) | Q(reference__iexact=text)
        )
    link = reverse("dashboard:mail-list")
    tabs = [
        {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
        for code, (name, _rows) in VIEWS.items()
    ]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "tabs": tabs, "view": view, "text": text}
    return render(request, "oscar/dashboard/mails/mail_list.html", context)


@csp_update({"frame-src": [SELF]})
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(Mail, pk=pk)
    facts = [
        {"name": _("To"), "value": mail.to},
        {"name": _("Kind"), "value": mail.kind},
        {"name": _("Language"), "value": mail.language},
        {"name": _("Message-ID"), "value": f"<{mail.key}@storekeep>"},
        {"name": _("Attempts"), "value": mail.attempts},
    ]
    context = {
        "mail": mail,
        "facts": facts,
        "order": Order.objects.filter(number=mail.reference).first() if mail.reference else None,
        "sees_orders": may(request.user, "order-list"),
        "is_wiped": bool(mail.sent_at) and mail.kind in WIPED,
        "may_retry": may(request.user, "mail-retry", "POST") and not mail.sent_at,
    }
    return render(request, "oscar/dashboard/mails/mail_detail.html", context)


@xframe_options_sameorigin
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML as the reader gets it, in a document that can do nothing."""
    mail = get_object_or_404(Mail, pk=pk)
    return HttpResponse(
        mail.html,
        headers={"Content-Security-Policy": MAIL_POLICY, "Referrer-Policy": "no-referrer"},
    )


def mail_retry(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(Mail, pk=pk)
    if mail_try_again(mail_id=mail.pk):
        messages.success(request, _("The mail is in the queue again."))
    else:
        messages.info(request, _("This mail was sent already."))
    return redirect("dashboard:mail-detail", pk=mail.pk)
