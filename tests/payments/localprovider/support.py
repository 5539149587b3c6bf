"""A provider and a webhook receiver that really run, for the tests beside this."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import stripe

from payments.localprovider.control import Control
from payments.localprovider.wallets.keys import provider_side, wallet_keys_make

KEY = "sk_test_local"
SECRET = "whsec_local"
ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Receiver:
    """A shop's webhook address: keeps what arrives and answers as told."""

    def __init__(self) -> None:
        self.requests: list[tuple[bytes, str]] = []
        self.answers: list[int] = []  # statuses for the next requests, then 200
        self.arrived = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.arrived:
                    receiver.requests.append((body, self.headers["Stripe-Signature"]))
                    status = receiver.answers.pop(0) if receiver.answers else 200
                    receiver.arrived.notify_all()
                self.send_response(status)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128  # copies of an event arrive at once

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def clear(self) -> None:
        with self.arrived:
            self.requests.clear()
            self.answers.clear()

    def wait(self, count: int, timeout: float = 5.0) -> list[tuple[bytes, str]]:
        """The requests, once there are at least ``count``."""
        with self.arrived:
            enough = self.arrived.wait_for(lambda: len(self.requests) >= count, timeout)
            assert enough, f"{len(self.requests)} of {count} webhooks arrived"
            return list(self.requests)

    def events(self, count: int) -> list[stripe.Event]:
        """The first ``count`` events, each with its signature checked by Stripe's library."""
        return [
            stripe.Webhook.construct_event(body, signature, SECRET)
            for body, signature in self.wait(count)
        ]


class Running:
    """A provider in a process of its own."""

    def __init__(self, data: Path, webhook_url: str, webhook_events: str = "*") -> None:
        self.data, self.webhook_url, self.webhook_events = data, webhook_url, webhook_events
        self.wallets = wallet_keys_make()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.control = Control(self.url, KEY)

    def start(self) -> None:
        command = [sys.executable, "-m", "payments.localprovider"]
        flags = {
            "--port": self.port,
            "--data": self.data,
            "--secret-key": KEY,
            "--webhook-url": self.webhook_url,
            "--webhook-events": self.webhook_events,
            "--webhook-secret": SECRET,
            "--retry-base": 0.05,
            "--shop-name": "Corner Shop",
        }
        for flag, value in flags.items():
            command += [flag, str(value)]
        wallets = json.dumps(provider_side(self.wallets))
        environment = {**os.environ, "LOCALPROVIDER_WALLETS": wallets}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)
        wait_until(self.healthy, "the provider did not start", timeout=15)

    def healthy(self) -> bool:
        try:
            # Asked often, and to read whom to trust takes longer than the question.
            answer = httpx.get(f"{self.url}/healthz", trust_env=False, verify=False)
            return answer.status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self, sig: signal.Signals = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(sig)
        return self.process.wait(timeout=10)

    def client(self, retries: int = 0) -> stripe.StripeClient:
        return stripe.StripeClient(
            KEY,
            base_addresses={"api": self.url},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=5),
        )

    def delivered(self) -> bool:
        return all(row["state"] != "pending" for row in self.control.deliveries())


def wait_until(happened: Callable[[], bool], complaint: str, timeout: float = 5.0) -> None:
    end = time.monotonic() + timeout
    while not happened():
        assert time.monotonic() < end, complaint
        time.sleep(0.02)


def session_params(**changes: Any) -> dict[str, Any]:
    """What the shop sends to open a checkout session of EUR 25.50."""
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 2,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 1025,
                    "product_data": {"name": "Red notebook", "description": "A5, dotted"},
                },
            },
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 500,
                    "product_data": {"name": "Delivery"},
                },
            },
        ],
        "client_reference_id": "R-7F3K2Q",
        "customer_email": "ada@example.com",
        "locale": "en",
        "metadata": {"order": "7F3K2Q"},
        "payment_intent_data": {"metadata": {"order": "7F3K2Q"}},
        "success_url": "https://shop.example/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.example/basket",
        **changes,
    }
