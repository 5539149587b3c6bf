"""The page on which somebody says yes: Alipay's cashier, PayPal's approval, a phone that scanned."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from payments.localprovider.core import Provider
from payments.localprovider.hosted import PAGES, page_headers, policy
from payments.localprovider.money import shown
from payments.localprovider.params import origin, params_parse
from payments.localprovider.store import Row
from payments.localprovider.wallets.trades import trade_agree, trade_find
from payments.localprovider.words import WORDS, language_choose

NAMES = {
    "alipay": {"en": "Alipay", "zh": "支付宝"},
    "wechat": {"en": "WeChat Pay", "zh": "微信支付"},
    "paypal": {"en": "PayPal", "zh": "PayPal"},
}
KINDS = {"open": "open", "approved": "paid", "paid": "paid", "closed": "expired"}


def wallet_page(provider: Provider, request: Request, body: str) -> Response:
    """GET asks, POST with ``answer=yes`` pays and goes back; ``refused``: with a card that does not pay."""
    trade = _trade(provider, request)
    if trade and request.method == "POST":
        answer = params_parse(body).get("answer")
        if answer == "yes":
            trade = trade_agree(provider, trade)
        elif answer == "refused" and trade["wallet"] == "paypal":
            trade = trade_agree(provider, trade, is_refused=True)
        back = _back(request, trade)
        if back and trade["status"] in {"approved", "paid"}:
            return RedirectResponse(back, status_code=303, headers={"Cache-Control": "no-store"})
    return _page(provider, request, trade)


def _trade(provider: Provider, request: Request) -> Row | None:
    row = provider.store.first("SELECT wallet FROM trades WHERE id = ?", request.path_params["id"])
    return trade_find(provider, row["wallet"], request.path_params["id"]) if row else None


def _back(request: Request, trade: Row) -> str:
    """The way back that was agreed on. WeChat's stands in the address, and leads to the shop only."""
    if trade["wallet"] != "wechat":
        facts = {"token": trade["id"]} if trade["wallet"] == "paypal" else {}
        query = f"?{urlencode(facts)}" if facts else ""
        return f"{trade['return_url']}{query}" if trade["return_url"] else ""
    asked = request.query_params.get("redirect_url", "")
    return asked if asked and origin(asked) == origin(trade["notify_url"]) else ""


def _page(provider: Provider, request: Request, trade: Row | None) -> Response:
    asked = request.query_params.get("lang")
    locale = trade["facts"].get("locale") if trade else None
    language = language_choose(asked, locale, request.headers.get("accept-language", ""))
    other = "en" if language == "zh" else "zh"
    kept = [(name, text) for name, text in request.query_params.items() if name != "lang"]
    back = _back(request, trade) if trade else ""
    html = PAGES.get_template("wallet.html").render(
        t=WORDS[language],
        shop=provider.config.shop_name,
        session=None,
        trade=trade,
        kind=KINDS[trade["status"]] if trade else "missing",
        wallet=NAMES[trade["wallet"]][language] if trade else "",
        back=back,
        money=lambda amount, currency: shown(amount, currency.lower(), language),
        query=f"?{urlencode([*kept, ('lang', language)])}",
        other_query=f"?{urlencode([*kept, ('lang', other)])}",
    )
    headers = page_headers(policy(None, back or None), language)
    return HTMLResponse(html, status_code=200 if trade else 404, headers=headers)
