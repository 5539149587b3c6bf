"""The holes of every page that are about the browser and not about the shop."""

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject

from shop.core.fragments import fragment, fragment_filled
from shop.core.pagecache.holes import hole_register
from shop.core.tokens import token_of

THEMES = ("light", "dark")


def part_shown(template: str, request: HttpRequest | None, **context: Any) -> str:
    """``template`` with the request and a token for its forms, and no context processors."""
    if request is not None:
        context |= {"csrf_token": SimpleLazyObject(lambda: token_of(request))}
    return render_to_string(template, context | {"request": request})


def visitor_slots(request: HttpRequest | None) -> dict[str, str]:
    """What a form in a kept part needs: ``csrf_token``, and in ``next`` the page to come back to."""
    if request is None:
        return {"csrf_token": "", "next": "/"}
    return {"csrf_token": token_of(request), "next": request.get_full_path()}


def theme_mark(request: HttpRequest | None) -> str:
    """The attribute of the page that says day or night; nothing where the system decides."""
    theme = request.COOKIES.get("theme") if request is not None else ""
    return f' data-theme="{theme}"' if theme in THEMES else ""


def theme_switch(request: HttpRequest | None) -> str:
    chosen = request.COOKIES.get("theme") if request is not None else ""
    values = {"chosen": chosen if chosen in THEMES else "auto"}
    return fragment_filled("components/theme_switch.html", values, visitor_slots(request))


def messages_shown(request: HttpRequest | None) -> str:
    """What the last request had to say; shown once."""
    messages = list(get_messages(request)) if request is not None else []
    if not messages:
        return fragment("components/messages.html", {"messages": ()})
    return part_shown("components/messages.html", request, messages=messages)


def register() -> None:
    hole_register("theme", theme_mark, cookies=("theme",))
    hole_register("theme-switch", theme_switch, cookies=("theme",))
    hole_register("messages", messages_shown, is_members=True)
