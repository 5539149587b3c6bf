"""The whole home page as it will look, without publishing: the draft, at a moment, for somebody."""

import datetime as dt
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin

from catalog.content.dashboard.forms import moment_field
from catalog.homepage.dashboard.forms import BlockForm
from catalog.homepage.dashboard.kinds import KINDS
from catalog.homepage.models import Audience, Block, Kind
from catalog.homepage.reading import home_shown
from catalog.homepage.selectors import Viewer, draft_blocks
from catalog.homepage.services import html_write

GUEST, MEMBER = "guest", "member"


class PreviewForm(forms.Form):
    """When, in which language, and for whom. Nonsense counts as nothing."""

    at = moment_field(_("At"))
    language = forms.ChoiceField(label=_("Language"), required=False, choices=settings.LANGUAGES)
    who = forms.ChoiceField(label=_("Read by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [
            (GUEST, _("Who is not signed in")),
            (MEMBER, _("Who is signed in")),
            *(
                (str(group.pk), group.name)
                for group in Group.objects.filter(permissions=None).order_by("name")
            ),
        ]

    def moment(self) -> dt.datetime | None:
        return self.cleaned_data.get("at")

    def viewer(self) -> Viewer:
        who = self.cleaned_data.get("who") or GUEST
        groups = frozenset([int(who)] if who.isdecimal() else [])
        return Viewer(is_member=who != GUEST, groups=groups)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def home_preview(request: HttpRequest) -> HttpResponse:
    """GET: the draft. POST: the draft with the block that is being written; keeps nothing."""
    if request.method == "POST":
        return _as_written(request)
    form = PreviewForm(request.GET)
    form.is_valid()
    language = form.cleaned_data.get("language") or settings.LANGUAGE_CODE
    return _page(request, draft_blocks(), form.moment(), form.viewer(), language)


def _as_written(request: HttpRequest) -> HttpResponse:
    """The one block is shown whatever its time and readers are, at the moment when it begins."""
    blocks = draft_blocks()
    named = request.POST.get("block", "")
    block = next((one for one in blocks if str(one.pk) == named), None)
    if block is None:
        kind = request.POST.get("kind", "")
        block = Block(kind=kind if kind in KINDS else Kind.TEXT, position=len(blocks))
        blocks.append(block)
    form = BlockForm(request.POST, instance=block)
    form.is_valid()  # what is right so far is in the block
    html_write(block)
    begins, block.is_shown = block.shown_from, True
    now = timezone.now()
    moment = begins if begins and begins > now else None
    ends = block.ends()
    if ends is not None and ends <= (moment or now):
        block.shown_until = block.ends_at = None
    groups = frozenset([block.group_id] if block.group_id else [])
    viewer = Viewer(is_member=block.audience in (Audience.MEMBERS, Audience.GROUP), groups=groups)
    language = request.POST.get("language", "")
    codes = [code for code, _name in settings.LANGUAGES]
    return _page(
        request, blocks, moment, viewer, language if language in codes else settings.LANGUAGE_CODE
    )


def _page(
    request: HttpRequest,
    blocks: list[Block],
    moment: dt.datetime | None,
    viewer: Viewer,
    language: str,
) -> HttpResponse:
    with override(language):
        shown = home_shown(blocks, moment=moment, viewer=viewer)
        # Around the blocks stands what a stranger sees: the colleague's own basket is not asked for.
        context = {"blocks": shown, "request": None, "user": AnonymousUser()}
        return render(request, "homepage/office/preview_page.html", context)
