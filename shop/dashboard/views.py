"""The first page of the day, and the door."""

import uuid

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from oscar.apps.dashboard import views as core

from crm.accounts.roles import held_roles, role_names
from crm.customer import throttle
from shop.core.office import may
from shop.dashboard import today
from shop.dashboard.boards import board_of
from shop.dashboard.orders.bulk import actions_for
from shop.dashboard.orders.listing import view_tabs
from shop.dashboard.orders.rows import heads_of, order_rows
from shop.dashboard.orders.selectors import VIEWS
from shop.dashboard.selectors import counts_for
from shop.dashboard.todo import todos

QUEUES = ("to_pack", "to_ship", "unpaid")
ROWS = 12
MUCH = 9  # so many things to do stand well beside the chart


class IndexView(TemplateView):
    """How the shop does and what needs doing now, for the person who looks."""

    template_name = "oscar/dashboard/index.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        counts = counts_for(user, is_fresh=True)
        needed = todos(user=user, counts=counts)
        context = super().get_context_data(**kwargs) | {
            "greeting": greeting(user),
            "roles": role_names(user),
            "todos": needed,
            "has_much": len(needed) > MUCH,
            "sees_orders": may(user, "order-list"),
            "range": range_code(self.request),
            "range_tabs": range_tabs(range_code(self.request)),
            "board": board_of(user, role_names=held_roles(user), span=self.span()),
        }
        if context["sees_orders"]:
            context |= self.figures() | self.queue(counts)
        return context

    def span(self) -> today.Span:
        return today.Span(days=today.RANGES[range_code(self.request)], now=timezone.now())

    def figures(self) -> dict:
        span = self.span()
        by_day = today.sums_by_day(now=span.now, days=2 * today.CHART_DAYS)
        sees_refunds = may(self.request.user, "refund-list")
        return {
            "kpis": today.figures(span=span, by_day=by_day, sees_refunds=sees_refunds),
            "bars": today.bars_of(by_day),
        }

    def queue(self, counts) -> dict:
        """The first rows of one work queue: the one asked for, else the first with work in it."""
        busy = [code for code in QUEUES if getattr(counts, VIEWS[code].count)]
        asked = self.request.GET.get("queue", "")
        code = asked if asked in QUEUES else (busy or QUEUES)[0]
        kept = range_code(self.request)
        tabs = view_tabs(counts, code, only=QUEUES)
        for tab in tabs:
            tab["url"] = f"?range={kept}&queue={tab['code']}#orders"
        ids = VIEWS[code].rows().order_by("date_placed", "pk").values_list("pk", flat=True)[:ROWS]
        return {
            "queue": code,
            "tabs": tabs,
            "rows": order_rows(ids),
            "heads": heads_of(()),
            "queue_url": f"{reverse('dashboard:order-list')}?view={code}",
            "actions": actions_for(self.request.user, code),
            "key": uuid.uuid4(),
        }


class StaffAuthenticationForm(AuthenticationForm):
    """Only for those who work here; everybody else reads the same words as for a wrong password."""

    def __init__(self, request: HttpRequest | None = None, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = gettext_lazy("E-mail")
        self.fields["username"].widget.attrs |= {"type": "email", "autocomplete": "username"}

    def clean(self) -> dict:
        email = self.cleaned_data.get("username", "")
        if throttle.sign_in_must_wait(self.request, email):
            raise ValidationError(_("Too many tries. Please wait a quarter of an hour."))
        try:
            data = super().clean()
        except ValidationError:
            throttle.sign_in_failed(self.request, email)
            raise
        throttle.sign_in_worked(email)
        return data

    def confirm_login_allowed(self, user) -> None:
        super().confirm_login_allowed(user)
        if not user.is_staff:
            raise self.get_invalid_login_error()


class LoginView(core.LoginView):
    """The door of the back office."""

    authentication_form = StaffAuthenticationForm


def greeting(user) -> str:
    """By the clock of the shop, with the name that the person gave."""
    hour = timezone.localtime().hour
    name = user.first_name or user.last_name or user.email.partition("@")[0]
    if hour < 11:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def range_code(request: HttpRequest) -> str:
    asked = request.GET.get("range", "")
    return asked if asked in today.RANGES else "today"


def range_tabs(current: str) -> list[dict]:
    names = {"today": _("Today"), "7": _("7 days"), "28": _("28 days")}
    return [
        {"name": names[code], "url": f"?range={code}", "is_current": code == current}
        for code in today.RANGES
    ]
