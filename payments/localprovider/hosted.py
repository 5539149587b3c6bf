"""The pages a shopper sees. Plain HTML forms, no script, a strict content policy."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from payments.localprovider import engine
from payments.localprovider.cards import CARDS, NUMBERS, outcome_from
from payments.localprovider.control_api import PAY_OPERATION
from payments.localprovider.core import Provider
from payments.localprovider.errors import InvalidRequest
from payments.localprovider.http import Endpoint, body_read, with_faults
from payments.localprovider.money import shown
from payments.localprovider.params import origin, params_parse
from payments.localprovider.store import Row
from payments.localprovider.words import WORDS, language_choose

CHOICES = ("pay", "decline", "insufficient_funds", "second_factor")
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # they change with the program
)
Page = Callable[[Provider, Request, dict[str, Any]], Response]


def _origins(urls: Iterable[str | None]) -> list[str]:
    return sorted({found for url in urls if url and (found := origin(url))})


def policy(session: Row | None, return_url: str | None) -> str:
    """The content policy: own files, the pictures of the lines, forms that end at the shop."""
    lines = session["line_items"] if session else []
    images = _origins(line["image"] for line in lines)
    ways_out = [session["success_url"], session["cancel_url"]] if session else [return_url]
    return "; ".join(
        [
            "default-src 'none'",
            "style-src 'self'",
            " ".join(["img-src 'self'", *images]),
            # A browser also checks where the answer to a form redirects to.
            " ".join(["form-action 'self'", *_origins(ways_out)]),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _render(
    provider: Provider,
    request: Request,
    template: str,
    *,
    session: Row | None,
    status: int = 200,
    return_url: str | None = None,
    **context: Any,
) -> Response:
    asked = request.query_params.get("lang")
    accepted = request.headers.get("accept-language", "")
    language = language_choose(asked, session["locale"] if session else None, accepted)
    other = "en" if language == "zh" else "zh"
    html = PAGES.get_template(template).render(
        t=WORDS[language],
        shop=provider.config.shop_name,
        session=session,
        money=lambda amount, currency: shown(amount, currency, language),
        query=f"?lang={asked}" if asked == language else "",
        other_query=f"?lang={other}",
        **context,
    )
    headers = page_headers(policy(session, return_url), language)
    return HTMLResponse(html, status_code=status, headers=headers)


def page_headers(content_policy: str, language: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": content_policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Content-Language": WORDS[language]["html_lang"],
    }


def _to(url: str) -> Response:
    return RedirectResponse(url, status_code=303, headers={"Cache-Control": "no-store"})


def success_address(session: Row) -> str:
    """Where the shopper goes after paying, with Stripe's placeholder filled in."""
    url: str = session["success_url"]
    for placeholder in ("{CHECKOUT_SESSION_ID}", "%7BCHECKOUT_SESSION_ID%7D"):
        url = url.replace(placeholder, session["id"])
    return url


def _ended(
    provider: Provider, request: Request, session: Row | None, kind: str, *, status: int = 200
) -> Response:
    """A page that says why there is nothing to pay, with the way back to the shop."""
    back = None
    if session:
        paid = session["status"] == "complete"
        back = success_address(session) if paid else session["cancel_url"]
    return _render(
        provider, request, "ended.html", session=session, status=status, kind=kind, back=back
    )


def _closed(provider: Provider, request: Request, session: Row) -> Response:
    if session["status"] == "expired":
        return _ended(provider, request, session, "expired")
    intent = provider.store.get("intents", session["payment_intent"])
    kind = "processing" if intent["status"] == "processing" else "paid"
    return _ended(provider, request, session, kind)


def _session(provider: Provider, request: Request) -> Row | None:
    engine.sessions_expire_due(provider)
    try:
        return provider.store.get("sessions", request.path_params["id"])
    except KeyError:
        return None


def pay_page(provider: Provider, request: Request, form: dict[str, Any]) -> Response:
    session = _session(provider, request)
    if session is None:
        return _ended(provider, request, None, "missing", status=404)
    if session["status"] != "open":
        return _closed(provider, request, session)
    failure = None
    if session["payment_intent"]:
        error = provider.store.get("intents", session["payment_intent"])["last_error"]
        failure = (error.get("decline_code") or error["code"]) if error else None
    return _render(
        provider,
        request,
        "pay.html",
        session=session,
        failure=failure,
        choices=[CARDS[name] for name in CHOICES],
        countries=[(code, _in_fours(number)) for code, number in NUMBERS.items()],
    )


def _in_fours(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def pay_submit(provider: Provider, request: Request, form: dict[str, Any]) -> Response:
    session = _session(provider, request)
    if session is None:
        return _ended(provider, request, None, "missing", status=404)
    if form.get("outcome") not in CHOICES:
        return _to(_own_address(request, f"/pay/{session['id']}"))
    outcome = outcome_from(form["outcome"], str(form.get("country", "")))
    session = engine.session_pay(provider, session, outcome=outcome)
    if session["status"] == "complete":
        return _to(success_address(session))
    if session["status"] == "open":
        intent = provider.store.get("intents", session["payment_intent"])
        if intent["status"] == "requires_action":
            return _to(_own_address(request, f"/authenticate/{intent['id']}"))
    return _to(_own_address(request, f"/pay/{session['id']}"))


def _own_address(request: Request, path: str) -> str:
    language = request.query_params.get("lang")
    return f"{path}?lang={language}" if language in WORDS else path


def authenticate_page(provider: Provider, request: Request, form: dict[str, Any]) -> Response:
    intent, session = _intent(provider, request)
    if intent is None:
        return _ended(provider, request, None, "missing", status=404)
    if intent["status"] != "requires_action":
        if session and session["status"] != "open":
            return _closed(provider, request, session)
        return _ended(provider, request, session, "auth_over")
    return _render(
        provider,
        request,
        "authenticate.html",
        session=session,
        intent=intent,
        last4=CARDS["second_factor"].last4,
        return_url=intent["return_url"],
    )


def authenticate_submit(provider: Provider, request: Request, form: dict[str, Any]) -> Response:
    intent, session = _intent(provider, request)
    if intent is None:
        return _ended(provider, request, None, "missing", status=404)
    if intent["status"] == "requires_action" and form.get("answer") in {"approve", "refuse"}:
        intent = engine.intent_authenticate(provider, intent, approved=form["answer"] == "approve")
    if session is None:
        return _after_authentication(request, intent)
    session = provider.store.get("sessions", session["id"])
    if session["status"] == "complete":
        return _to(success_address(session))
    return _to(_own_address(request, f"/pay/{session['id']}"))


def _intent(provider: Provider, request: Request) -> tuple[Row | None, Row | None]:
    engine.sessions_expire_due(provider)
    try:
        intent = provider.store.get("intents", request.path_params["id"])
    except KeyError:
        return None, None
    return intent, engine.session_of(provider, intent["id"])


def _after_authentication(request: Request, intent: Row) -> Response:
    """Back to the ``return_url`` of an intent that has no session."""
    if not intent["return_url"]:
        return _to(_own_address(request, f"/authenticate/{intent['id']}"))
    parts = urlsplit(intent["return_url"])
    paid = intent["status"] in {"succeeded", "requires_capture"}
    facts = {
        "payment_intent": intent["id"],
        "redirect_status": "succeeded" if paid else "failed",
    }
    query = "&".join(filter(None, [parts.query, urlencode(facts)]))
    return _to(urlunsplit(parts._replace(query=query)))


def _page(provider: Provider, page: Page, operation: str | None = None) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            form: Mapping[str, Any] = params_parse(await body_read(request))
        except InvalidRequest as error:
            return Response(str(error), status_code=400, media_type="text/plain")

        def run() -> Response:
            with provider.store.transaction():
                return page(provider, request, dict(form))

        return run() if operation is None else await with_faults(provider, operation, run)

    return endpoint


def hosted_routes(provider: Provider) -> list[Route]:
    table: list[tuple[str, str, Page, str | None]] = [
        ("GET", "/pay/{id}", pay_page, None),
        ("POST", "/pay/{id}", pay_submit, PAY_OPERATION),
        ("GET", "/authenticate/{id}", authenticate_page, None),
        ("POST", "/authenticate/{id}", authenticate_submit, PAY_OPERATION),
    ]
    return [
        Route(address, _page(provider, page, operation), methods=[method])
        for method, address, page, operation in table
    ]
