"""What every back-office area shares: who may do what at which address, and CSV that is safe to open.

Each area declares its addresses with ``Access``: one set of permissions for reading (GET) and one
for changing (POST). An address without a declaration is not routed, and a method without a
permission answers 405, so nothing is open by accident.
"""

import csv
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from oscar.core.application import OscarDashboardConfig

from shop.core.throttle import client_address

WORK_COUNTS = "office.work-counts"  # under which the counts of waiting work are kept
FLOW = "office.flow"  # and how far the goods are
READING = ("GET", "HEAD", "OPTIONS")
Pattern = URLPattern | URLResolver


@dataclass(frozen=True)
class Access:
    """Permissions of one address, all of them needed; ``None`` means that the method is not offered.

    An empty tuple lets in everybody who works here. ``superuser`` keeps it for the owner.
    ``exports`` names the model whose rows leave by reading here: each time is noted in the audit trail.
    """

    read: tuple[str, ...] | None = None
    change: tuple[str, ...] | None = None
    superuser: bool = False
    exports: str = ""

    def wanted(self, method: str) -> tuple[str, ...] | None:
        return self.read if method in READING else self.change if method == "POST" else None

    def methods(self) -> list[str]:
        offered = ["GET", "HEAD", "OPTIONS"] if self.read is not None else []
        return [*offered, "POST"] if self.change is not None else offered

    def allows(self, user: Any, method: str = "GET") -> bool:
        """Whether ``user`` may use the address with ``method``."""
        wanted = self.wanted(method)
        if wanted is None or not (user.is_active and user.is_staff):
            return False
        return user.is_superuser or (not self.superuser and user.has_perms(wanted))


#: Every address of the back office by its name; filled as the areas are routed.
declared: dict[str, Access] = {}


def may(user: Any, url_name: str, method: str = "GET") -> bool:
    """Whether ``user`` may use the back-office address called ``url_name``."""
    access = declared.get(url_name.removeprefix("dashboard:"))
    return access is not None and access.allows(user, method)


def guard(
    view: Callable[..., HttpResponseBase], access: Access, name: str = ""
) -> Callable[..., HttpResponseBase]:
    """Ask for the permission before the view runs. Strangers are sent to sign in.

    What a POST writes is noted in the audit trail as done by the person, at the address ``name``.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            there = request.get_full_path() if request.method in READING else ""
            from django.contrib.auth.views import redirect_to_login  # needs the apps loaded

            return redirect_to_login(there, str(reverse("dashboard:login")))
        if access.wanted(request.method or "") is None:
            return HttpResponseNotAllowed(access.methods())
        if not access.allows(request.user, request.method or ""):
            raise PermissionDenied
        return _noted(request, access, name, functools.partial(view, request, *args, **kwargs))

    return guarded


def _noted(
    request: HttpRequest, access: Access, name: str, view: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    from shop.core.audit.acting import acting  # need the apps loaded
    from shop.core.audit.models import Action
    from shop.core.audit.services import entry_write

    if request.method not in READING:
        with acting(user_id=request.user.pk, place=name, address=client_address(request)):
            response = _seen(request, view)
        cache.delete_many([WORK_COUNTS, FLOW])
        return response
    response = _seen(request, view)
    if access.exports and request.method == "GET" and response.status_code == HTTPStatus.OK:
        asked = {key: value[:200] for key, value in request.GET.items() if value}
        entry_write(
            action=Action.EXPORT,
            actor=request.user.pk,
            place=name,
            address=client_address(request),
            label=access.exports,
            subject=access.exports,
            new=asked,
        )
    return response


def _seen(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """With the masks of who reads. What would be drawn later is drawn here, under them."""
    from shop.core.levels import viewing

    with viewing(request.user):
        response = view()
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.render()
    return response


def routed(patterns: Iterable[Pattern], table: Mapping[str, Access]) -> list[Pattern]:
    """Those of ``patterns`` that ``table`` declares, each behind its guard."""
    kept: list[Pattern] = []
    for pattern in patterns:
        access = table.get(getattr(pattern, "name", None) or "")
        if access is not None and isinstance(pattern, URLPattern):
            declared[str(pattern.name)] = access
            pattern.callback = guard(pattern.callback, access, str(pattern.name))
            kept.append(pattern)
    return kept


class OfficeConfig(OscarDashboardConfig):
    """Base of our own back-office areas: ``access`` names the permissions of every address."""

    access: Mapping[str, Access] = {}

    def get_areas(self) -> list[URLPattern]:
        """The area's addresses; the ones that ``access`` does not declare are dropped."""
        return []

    def get_urls(self) -> list[Pattern]:
        return routed(self.get_areas(), self.access)


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_safe(value: object) -> str:
    """Text that no spreadsheet takes for a formula; numbers stay numbers."""
    text = "" if value is None else str(value)
    looks_like_formula = text.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "|", "%"))
    is_number = text.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{text}" if looks_like_formula and not is_number else text


def csv_response(
    *, name: str, head: list[str], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """A download that streams, with a mark at its start that tells spreadsheets it is UTF-8."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(head)
        for row in rows:
            yield writer.writerow([csv_safe(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
