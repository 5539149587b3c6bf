"""The addresses of the wallets that this provider has keys for."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from payments.localprovider.core import Provider
from payments.localprovider.errors import ApiError
from payments.localprovider.http import Endpoint, body_read, with_faults
from payments.localprovider.wallets import alipay
from payments.localprovider.wallets.control import WALLET_PAY
from payments.localprovider.wallets.pages import wallet_page

Handler = Callable[[Provider, Request, str], Response]
Operation = str | Callable[[Request, str], str]

# method, address, operation (what faults aim at), handler
ALIPAY: list[tuple[str, str, Operation, Handler]] = [
    ("GET", "/alipay/gateway.do", alipay.operation, alipay.gateway),
    ("POST", "/alipay/gateway.do", alipay.operation, alipay.gateway),
]
WALLETS = {"alipay": ALIPAY}


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
