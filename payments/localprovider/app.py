"""The ASGI application: routes, and the worker that runs beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from payments.localprovider.api import charges, intents, ledger, sessions
from payments.localprovider.control_api import control_routes
from payments.localprovider.core import Provider
from payments.localprovider.hosted import hosted_routes
from payments.localprovider.http import Handler, TransportExposed, api, not_found
from payments.localprovider.parcels.api import Parcels, parcel_routes, shop_of, tell_forever
from payments.localprovider.parcels.pages import page_routes
from payments.localprovider.wallets.routes import wallet_routes
from payments.localprovider.webhooks import deliver_forever

HERE = Path(__file__).parent

# method, address under /v1, operation (what faults aim at), handler
API: list[tuple[str, str, str, Handler]] = [
    ("POST", "/checkout/sessions", "checkout.sessions.create", sessions.create),
    ("GET", "/checkout/sessions", "checkout.sessions.list", sessions.listed),
    ("GET", "/checkout/sessions/{id}", "checkout.sessions.retrieve", sessions.retrieve),
    ("GET", "/checkout/sessions/{id}/line_items", "checkout.sessions.lines", sessions.line_items),
    ("POST", "/checkout/sessions/{id}/expire", "checkout.sessions.expire", sessions.expire),
    ("POST", "/payment_intents", "payment_intents.create", intents.create),
    ("GET", "/payment_intents", "payment_intents.list", intents.listed),
    ("GET", "/payment_intents/{id}", "payment_intents.retrieve", intents.retrieve),
    ("POST", "/payment_intents/{id}", "payment_intents.update", intents.update),
    ("POST", "/payment_intents/{id}/confirm", "payment_intents.confirm", intents.confirm),
    ("POST", "/payment_intents/{id}/capture", "payment_intents.capture", intents.capture),
    ("POST", "/payment_intents/{id}/cancel", "payment_intents.cancel", intents.cancel),
    ("GET", "/charges", "charges.list", charges.charge_list),
    ("GET", "/charges/{id}", "charges.retrieve", charges.charge_retrieve),
    ("POST", "/refunds", "refunds.create", charges.refund_create),
    ("GET", "/refunds", "refunds.list", charges.refund_list),
    ("GET", "/refunds/{id}", "refunds.retrieve", charges.refund_retrieve),
    ("POST", "/refunds/{id}", "refunds.update", charges.refund_update),
    ("GET", "/events", "events.list", ledger.event_list),
    ("GET", "/events/{id}", "events.retrieve", ledger.event_retrieve),
    ("GET", "/balance", "balance.retrieve", ledger.balance),
    ("GET", "/balance_transactions", "balance_transactions.list", ledger.movement_list),
    (
        "GET",
        "/balance_transactions/{id}",
        "balance_transactions.retrieve",
        ledger.movement_retrieve,
    ),
]


async def healthz(request: Request) -> Response:
    """Answers 200 when the process serves; never subject to faults."""
    return JSONResponse({"status": "ok", "livemode": False})


def app_build(provider: Provider) -> ASGIApp:
    """The whole provider as one ASGI application, and the carriers beside it."""
    config = provider.config
    parcels = Parcels(
        file=config.data.with_name("parcels.sqlite3"),
        key=config.secret_key,
        secret=config.webhook_secret,
        shop=shop_of(config.webhook_url),
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        workers = [
            asyncio.create_task(deliver_forever(provider)),
            asyncio.create_task(tell_forever(parcels)),
        ]
        yield
        for worker in workers:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker

    v1 = [
        Route(address, api(provider, operation, handler), methods=[method])
        for method, address, operation, handler in API
    ]
    routes = [  # they are tried in this order
        Mount("/v1", routes=v1),
        *hosted_routes(provider),
        Route("/healthz", healthz),
        Mount("/carriers", routes=parcel_routes(parcels)),
        Mount("/_control", routes=control_routes(provider)),
        Mount("/static", StaticFiles(directory=HERE / "static")),
        *page_routes(parcels, config),
        *wallet_routes(provider),
    ]
    app = Starlette(
        routes=routes, lifespan=lifespan, exception_handlers={404: not_found, 405: not_found}
    )
    return TransportExposed(app)
