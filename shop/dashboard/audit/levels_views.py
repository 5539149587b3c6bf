"""The levels of data: who reaches which, and lifting one mask for once with a reason."""

from collections import defaultdict
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.audit.models import Action
from shop.core.audit.services import entry_write
from shop.core.levels import SEE_PERSONAL, SEE_SENSITIVE, Level, kind_of, level_of, level_reached
from shop.core.redirects import next_path
from shop.core.throttle import client_address
from shop.dashboard.audit.reading import model_words
from shop.dashboard.audit.words import TABLES, column_words


class RevealForm(forms.Form):
    label = forms.CharField(max_length=80, widget=forms.HiddenInput)
    key = forms.CharField(max_length=120, widget=forms.HiddenInput)
    column = forms.CharField(max_length=80, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why do you need it?"),
        min_length=5,
        max_length=200,
        help_text=gettext_lazy("Your reason and what you looked at are noted in the audit trail."),
    )


def data_levels(request: HttpRequest) -> HttpResponse:
    """Each column that is not simply internal, under its level, and each role with what it reaches."""
    found: dict[Level, dict[str, list[str]]] = {level: defaultdict(list) for level in Level}
    for model in apps.get_models():
        label = model._meta.label_lower
        if model._meta.proxy or label not in TABLES:
            continue
        for field in model._meta.local_concrete_fields:
            level = level_of(label, field.column)
            if level >= Level.PERSONAL:
                found[level][model_words(label)].append(field.column)
            elif level == Level.PUBLIC or not found[level][model_words(label)]:
                found[level][model_words(label)] = []
    context = {
        "levels": [
            {"level": level, "words": WORDS[level], "tables": sorted(found[level].items())}
            for level in sorted(Level, reverse=True)
        ],
        "all_levels": list(Level),
        "roles": _roles(),
        "mine": level_reached(request.user),
    }
    return render(request, "oscar/dashboard/audit/levels.html", context)


WORDS = {
    Level.PUBLIC: gettext_lazy("The shop shows it to everybody."),
    Level.INTERNAL: gettext_lazy("For everybody who works here: orders, stock, offers, figures."),
    Level.PERSONAL: gettext_lazy("Tells who somebody is or how to reach them."),
    Level.SENSITIVE: gettext_lazy("Could do harm: references of payments, costs, birthdays."),
}


def _roles() -> list[dict[str, Any]]:
    rows = []
    for group in Group.objects.prefetch_related("permissions__content_type").order_by("pk"):
        held = {f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()}
        reached = (
            Level.SENSITIVE
            if SEE_SENSITIVE in held
            else Level.PERSONAL
            if SEE_PERSONAL in held
            else Level.INTERNAL
        )
        reveals = "audit.reveal" in held
        rows.append({"name": _(group.name), "level": reached, "reveals": reveals})
    return [*rows, {"name": _("Owner"), "level": Level.SENSITIVE, "reveals": False}]


def reveal(request: HttpRequest) -> HttpResponse:
    """One value one level above one's own, for once. Noted before it is shown."""
    form = RevealForm(request.POST)
    context: dict[str, Any] = {
        "form": form,
        "back": next_path(request, request.POST.get("next", "")),
    }
    if not form.is_valid():
        if form.errors.keys() - {"reason"}:
            raise Http404
        return render(request, "oscar/dashboard/audit/reveal.html", context, status=422)
    data = form.cleaned_data
    label, column = data["label"], data["column"]
    thing = _thing(request.user, label=label, key=data["key"], column=column)
    entry_write(
        action=Action.REVEAL,
        actor=request.user.pk,
        place="reveal",
        address=client_address(request),
        label=label,
        key=thing.pk,
        new={"column": column},
        reason=data["reason"],
    )
    name = column_words(column) or thing._meta.get_field(column).verbose_name
    context |= {"value": getattr(thing, column), "name": name}
    return render(request, "oscar/dashboard/audit/reveal.html", context)


def _thing(user: Any, *, label: str, key: str, column: str) -> Any:
    """The row, for those who may read its kind, and a column that one level more would show."""
    app, _dot, name = label.partition(".")
    try:
        model = apps.get_model(label)
        model._meta.get_field(column)
        kind = kind_of(label, column)
        if not kind or not user.has_perm(f"{app}.view_{name}"):
            raise PermissionDenied
        if settings.DATA_KINDS[kind] > level_reached(user) + 1:
            raise PermissionDenied
        return model._default_manager.get(pk=key)
    except (LookupError, FieldDoesNotExist, ValueError, ValidationError, OverflowError):
        raise Http404 from None
    except model.DoesNotExist:
        raise Http404 from None
