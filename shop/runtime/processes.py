"""The command of each process of the shop, the same in development and in production."""

import sys
from pathlib import Path

PYTHON = sys.executable

#: What the shop wants to hear of a payment, once (docs/operations.md, "Going live with Stripe").
WEBHOOK_EVENTS = (
    "checkout.session.*",
    "charge.captured",
    "payment_intent.canceled",
    "payment_intent.payment_failed",  # a refused card is a sign of fraud
    "alipay.*",
    "wechat.*",
    "paypal.*",
)


def web(*, host: str, port: int, workers: int, grace: int = 10) -> list[str]:
    """granian. 8 threads a worker. It counts connections, not requests: a browser keeps some open that ask
    for nothing, and must not keep others out, so it takes many and lets go of idle ones soon.

    ``grace`` is how many seconds requests may take to end at a stop. A worker that is still starting
    does not hear the stop and uses them up.
    """
    return [
        str(Path(PYTHON).with_name("granian")),
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={workers}",
        "--blocking-threads=8",
        # A thread that ends takes its connection and the plans of its statements with it.
        "--blocking-threads-idle-timeout=600",
        "--backpressure=1024",
        "--http1-header-read-timeout=15000",  # which ends a connection that asks for nothing, too
        "--backlog=1024",
        "--http=1",
        "--no-ws",
        "--respawn-failed-workers",
        "--respawn-interval=0.5",
        f"--workers-kill-timeout={grace}",
        "--log-level=error",  # Django logs by itself; this one would warn of eight threads
        "shop.wsgi:application",
    ]


def worker() -> list[str]:
    return [PYTHON, "-m", "celery", "-A", "shop", "worker", "--concurrency=2", "--loglevel=INFO"]


def beat(*, folder: Path) -> list[str]:
    schedule = folder / "celerybeat-schedule"
    return [PYTHON, "-m", "celery", "-A", "shop", "beat", f"--schedule={schedule}", "--pidfile="]


def provider(*, port: int, data: Path, shop_port: int) -> list[str]:
    """The local payment provider. Its keys go by environment: command lines are for all to see."""
    return [
        PYTHON,
        "-m",
        "payments.localprovider",
        "--host=127.0.0.1",
        f"--port={port}",
        f"--data={data}",
        f"--webhook-events={','.join(WEBHOOK_EVENTS)}",
        f"--webhook-url=http://127.0.0.1:{shop_port}/payments/webhooks/stripe/",
        f"--paypal-webhook-url=http://127.0.0.1:{shop_port}/payments/webhooks/paypal/",
    ]


def provider_environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {
        "LOCALPROVIDER_SECRET_KEY": environment["STRIPE_SECRET_KEY"],
        "LOCALPROVIDER_WEBHOOK_SECRET": environment["STRIPE_WEBHOOK_SECRET"],
    }
