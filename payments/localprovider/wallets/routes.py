"""The addresses of the wallets that this provider has keys for."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from payments.localprovider.core import Provider
from payments.localprovider.errors import ApiError
from payments.localprovider.http import Endpoint, body_read, with_faults
from payments.localprovider.wallets import alipay, paypal, wechat
from payments.localprovider.wallets.control import WALLET_PAY
from payments.localprovider.wallets.pages import wallet_page

Handler = Callable[[Provider, Request, str], Response]
Operation = str | Callable[[Request, str], str]

# method, address, operation (what faults aim at), handler
ALIPAY: list[tuple[str, str, Operation, Handler]] = [
    ("GET", "/alipay/gateway.do", alipay.operation, alipay.gateway),
    ("POST", "/alipay/gateway.do", alipay.operation, alipay.gateway),
]
V3 = "/wechat/v3"
BY_NUMBER = f"{V3}/pay/transactions/out-trade-no/{{number}}"
REFUNDS = f"{V3}/refund/domestic/refunds"
WECHAT: list[tuple[str, str, Operation, Handler]] = [
    ("POST", f"{V3}/pay/transactions/native", "wechat.native", wechat.call(wechat.native)),
    ("POST", f"{V3}/pay/transactions/h5", "wechat.h5", wechat.call(wechat.h5)),
    ("GET", BY_NUMBER, "wechat.query", wechat.call(wechat.query)),
    ("POST", f"{BY_NUMBER}/close", "wechat.close", wechat.call(wechat.close)),
    ("POST", REFUNDS, "wechat.refund", wechat.call(wechat.refund)),
    ("GET", f"{REFUNDS}/{{number}}", "wechat.refund.query", wechat.call(wechat.refund_query)),
]
ORDERS = "/paypal/v2/checkout/orders"
PAYPAL: list[tuple[str, str, Operation, Handler]] = [
    ("POST", "/paypal/v1/oauth2/token", "paypal.token", paypal.token),
    ("POST", ORDERS, "paypal.orders.create", paypal.call(paypal.order_create)),
    ("GET", f"{ORDERS}/{{id}}", "paypal.orders.get", paypal.call(paypal.order_get)),
    (
        "POST",
        f"{ORDERS}/{{id}}/capture",
        "paypal.orders.capture",
        paypal.call(paypal.order_capture),
    ),
    (
        "POST",
        f"{ORDERS}/{{id}}/authorize",
        "paypal.orders.authorize",
        paypal.call(paypal.order_authorize),
    ),
    (
        "POST",
        "/paypal/v2/payments/authorizations/{id}/capture",
        "paypal.authorizations.capture",
        paypal.call(paypal.authorization_capture),
    ),
    (
        "POST",
        "/paypal/v2/payments/authorizations/{id}/void",
        "paypal.authorizations.void",
        paypal.call(paypal.authorization_void),
    ),
    (
        "POST",
        "/paypal/v2/payments/authorizations/{id}/reauthorize",
        "paypal.authorizations.reauthorize",
        paypal.call(paypal.authorization_again),
    ),
    (
        "POST",
        "/paypal/v2/payments/captures/{id}/refund",
        "paypal.refund",
        paypal.call(paypal.refund),
    ),
    (
        "POST",
        "/paypal/v1/notifications/verify-webhook-signature",
        "paypal.verify",
        paypal.call(paypal.verify),
    ),
]
WALLETS = {"alipay": ALIPAY, "wechat": WECHAT, "paypal": PAYPAL}


def _endpoint(provider: Provider, operation: Operation, handler: Handler) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            body = await body_read(request)
        except ApiError as error:
            return PlainTextResponse(str(error), status_code=400)

        def run() -> Response:
            with provider.store.transaction():
                return handler(provider, request, body)

        name = operation if isinstance(operation, str) else operation(request, body)
        return await with_faults(provider, name, run)

    return endpoint


def wallet_routes(provider: Provider) -> list[Route]:
    table: list[tuple[str, str, Operation, Handler]] = [
        ("GET", "/wallet/{id}", "wallet.page", wallet_page),
        ("POST", "/wallet/{id}", WALLET_PAY, wallet_page),
    ]
    for wallet, routes in WALLETS.items():
        if wallet in provider.config.wallets:
            table += routes
    return [
        Route(address, _endpoint(provider, operation, handler), methods=[method])
        for method, address, operation, handler in table
    ]
