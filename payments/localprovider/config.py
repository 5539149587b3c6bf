"""What the provider is told at start, by flags or by ``LOCALPROVIDER_*`` variables."""

import argparse
import ipaddress
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

API_VERSION = "2026-10-28.endive"


@dataclass(frozen=True)
class Config:
    """Start-up settings. Times are in seconds."""

    data: Path
    secret_key: str
    webhook_secret: str
    webhook_url: str = ""
    webhook_events: str = "*"
    host: str = "127.0.0.1"
    port: int = 4242
    public_url: str = ""
    paypal_webhook_url: str = ""
    shop_name: str = "Storekeep"
    retry_base: float = 2.0
    webhook_timeout: float = 10.0
    allow_remote: bool = False
    wallets: dict[str, dict[str, str]] = field(default_factory=dict)

    def is_told(self, event_type: str) -> bool:
        """Whether the shop has asked to be sent events of this type."""
        wanted = self.webhook_events.split(",")
        return any(fnmatchcase(event_type, one.strip()) for one in wanted)

    @property
    def base_url(self) -> str:
        """Where a browser reaches the hosted pages, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether ``host`` names this machine and only this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _env(name: str, default: str = "") -> str:
    return os.environ.get(f"LOCALPROVIDER_{name}", default)


def _truthy(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def config_read(argv: Sequence[str] | None = None) -> Config:
    """Read the command line over the environment. Exits with one sentence on a wrong value."""
    parser = argparse.ArgumentParser(
        prog="python -m payments.localprovider",
        description="A local test payment provider that speaks Stripe's API. No money moves.",
    )
    add = parser.add_argument
    add("--host", default=_env("HOST", "127.0.0.1"))
    add("--port", type=int, default=_env("PORT", "4242"))
    add("--data", type=Path, default=_env("DATA"), help="the SQLite file, made when missing")
    add("--secret-key", default=_env("SECRET_KEY"), help="sk_test_…, what the shop signs in with")
    add("--webhook-url", default=_env("WEBHOOK_URL"), help="empty: events are kept, not sent")
    add("--webhook-events", default=_env("WEBHOOK_EVENTS", "*"), help="which: globs with commas")
    add("--webhook-secret", default=_env("WEBHOOK_SECRET"), help="whsec_…, signs the webhooks")
    add("--public-url", default=_env("PUBLIC_URL"), help="what browsers call this provider")
    add("--shop-name", default=_env("SHOP_NAME", "Storekeep"))
    add("--retry-base", type=float, default=_env("RETRY_BASE", "2"), help="seconds, doubles")
    add("--webhook-timeout", type=float, default=_env("WEBHOOK_TIMEOUT", "10"), help="seconds")
    add(
        "--allow-remote",
        action="store_true",
        default=_truthy(_env("ALLOW_REMOTE")),
        help="listen on an address that other machines can reach",
    )
    add("--paypal-webhook-url", default=_env("PAYPAL_WEBHOOK_URL"), help="empty: none is sent")
    args = parser.parse_args(argv)
    if not args.data or str(args.data) == ".":
        parser.error("--data (or LOCALPROVIDER_DATA) must name the SQLite file.")
    if not args.secret_key.startswith("sk_test_"):
        parser.error("--secret-key must begin with sk_test_: this provider takes no live key.")
    if not args.webhook_secret.startswith("whsec_"):
        parser.error("--webhook-secret must begin with whsec_.")
    if not 1 <= args.port <= 65535:
        parser.error("--port must lie between 1 and 65535.")
    if args.retry_base <= 0 or args.webhook_timeout <= 0:
        parser.error("--retry-base and --webhook-timeout must be above zero.")
    if not is_loopback(args.host) and not args.allow_remote:
        parser.error(f"{args.host} is not a loopback address; add --allow-remote if you mean it.")
    return Config(**vars(args), wallets=_wallets(parser))


def _wallets(parser: argparse.ArgumentParser) -> dict[str, dict[str, str]]:
    """Keys of the wallets, by environment alone: command lines are for all to see."""
    try:
        return json.loads(_env("WALLETS") or "{}")
    except ValueError:
        parser.error("LOCALPROVIDER_WALLETS is not JSON.")
