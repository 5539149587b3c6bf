"""A page for developers: the parcels of the local carriers, and what shall become of each.

It takes no key, so it answers this machine alone, under this machine's names, and only forms of its own.
"""

import json
import sqlite3
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from payments.localprovider.config import Config, is_loopback
from payments.localprovider.errors import InvalidRequest
from payments.localprovider.hosted import PAGES, page_headers, policy
from payments.localprovider.http import body_read
from payments.localprovider.params import params_parse
from payments.localprovider.parcels.api import Parcels
from payments.localprovider.words import WORDS, language_choose

PER_PAGE = 25
MOST_PAGES = 10_000
LONGEST = 60  # of what is searched for


def page_routes(parcels: Parcels, config: Config) -> list[BaseRoute]:
    """``/parcels/`` lists, a POST there with ``number`` and ``wish`` lets something happen."""

    async def endpoint(request: Request) -> Response:
        if not _is_from_here(request):
            return _no(403, "Only from this machine.")
        if request.method != "POST":
            return _page(parcels, config, request)
        if request.headers.get("origin", _own(request)) != _own(request):
            return _no(403, "Only from this page.")
        try:
            form = params_parse(await body_read(request))
        except InvalidRequest as error:
            return _no(400, str(error))
        number, wish = str(form.get("number", "")), str(form.get("wish", ""))
        done = parcels.wish(number, wish)
        facts = {**_kept(request), "done" if done else "refused": number[:LONGEST]}
        headers = {"Cache-Control": "no-store"}
        return RedirectResponse(f"/parcels/?{urlencode(facts)}", status_code=303, headers=headers)

    return [Route("/parcels/", endpoint, methods=["GET", "POST"])]


def _page(parcels: Parcels, config: Config, request: Request) -> Response:
    query = request.query_params
    language = language_choose(query.get("lang"), None, request.headers.get("accept-language", ""))
    words, kept = WORDS[language], _kept(request)
    number = _number(kept.get("page", ""))
    rows = parcels.latest(like=kept.get("q", ""), skip=(number - 1) * PER_PAGE, most=PER_PAGE + 1)
    other = "en" if language == "zh" else "zh"

    def address(**more: str | int) -> str:
        return f"?{urlencode({**kept, **more})}"

    html = PAGES.get_template("parcels.html").render(
        t=words,
        shop=config.shop_name,
        session=None,
        home=parcels.shop,
        rows=[_row(parcels, row) for row in rows[:PER_PAGE]],
        q=kept.get("q", ""),
        language=kept.get("lang", ""),
        here=address(page=number),
        newer=address(page=number - 1) if number > 1 else "",
        older=address(page=number + 1) if len(rows) > PER_PAGE else "",
        done=query.get("done", "")[:LONGEST],
        refused=query.get("refused", "")[:LONGEST],
        other_query=address(lang=other),
    )
    headers = page_headers(policy(None, None), language)
    headers["Referrer-Policy"] = "same-origin"  # else a browser does not say whose form it sends
    return HTMLResponse(html, headers=headers)


def _row(parcels: Parcels, row: sqlite3.Row) -> dict[str, Any]:
    events = parcels.happened(row["number"]) or []
    return {
        "number": row["number"],
        "carrier": str(row["carrier"]).capitalize(),
        "order": json.loads(row["wanted"]).get("order_number", ""),
        "script": row["script"],
        "state": events[-1].code if events else "waits",
        "wishes": parcels.wishes(row),
    }


def _is_from_here(request: Request) -> bool:
    """Called from this machine and by its name; another name may be an attacker's that leads here."""
    client = request.client
    return (
        client is not None and is_loopback(client.host) and is_loopback(request.url.hostname or "")
    )


def _own(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _kept(request: Request) -> dict[str, str]:
    """What stays in the address from page to page."""
    found = {name: request.query_params.get(name, "")[:LONGEST] for name in ("q", "lang", "page")}
    return {name: text for name, text in found.items() if text}


def _number(text: str) -> int:
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and int(text) else 1


def _no(status: int, words: str) -> Response:
    return Response(words, status_code=status, media_type="text/plain")
