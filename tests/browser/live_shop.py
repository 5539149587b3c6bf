"""The shop as `make run` starts it, on a database, a port and a folder of its own."""

import email
import email.policy
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

from payments.localprovider.wallets.keys import shop_settings
from shop.runtime.testing import RUN, TEMPLATE
from tests.payments.localprovider.support import free_port

Found = TypeVar("Found")
ROOT = Path(__file__).parents[2]
PICTURES = Path("media") / "products" / "demo"
OPEN_SECONDS = 420
# What the run of the tests has decided for itself; this shop decides it anew.
NOT_OURS = (
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_HOST",
    "HOST",
    "PAYMENT_PROVIDER_PUBLIC_URL",
    "PUBLIC_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "STRIPE_API_BASE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
)
# So begin the names of the settings of wallets and carriers.
OUTSIDE = ("ALIPAY_", "WECHAT_", "PAYPAL_", "LOCALPROVIDER_", "PARCELWAY_")

PATIENT_SECONDS = 60  # a worker that is drawing pictures comes to it later
ALL_TOLD = """
SELECT NOT EXISTS (
    SELECT FROM core_outboxdelivery WHERE delivered_at IS NULL AND parked_at IS NULL
) AND NOT EXISTS (SELECT FROM payments_webhookevent WHERE processed_at IS NULL AND parked_at IS NULL)
"""
SKU_BESIDE = """
SELECT record.partner_sku, stock.on_hand - stock.reserved AS free
FROM fulfilment_consignment sent JOIN order_order bought ON bought.id = sent.order_id
JOIN supply_warehousestock stock ON stock.warehouse_id = sent.warehouse_id
JOIN partner_stockrecord record ON record.id = stock.stock_record_id
WHERE bought.number = %s AND record.partner_sku LIKE 'MORNING-MUG-%%'
ORDER BY free DESC, record.partner_sku LIMIT 1
"""


def wait_for(look: Callable[[], Found | None], what: str, seconds: float = 20) -> Found:
    """What ``look`` finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"{what} did not come within {seconds} s"
        time.sleep(0.05)
    return found


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name not in NOT_OURS and not name.startswith(OUTSIDE)
    }


class LiveShop:
    """Web server, worker, clock and payment provider; the demo's small catalogue."""

    patience: float = OPEN_SECONDS

    def __init__(self, folder: Path, *, workers: int = 1) -> None:
        self.folder, self.workers = folder, workers
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = f"{RUN}{os.getpid()}"  # a name that a later run tidies up if we are killed
        self.process: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Start it and wait for its first page."""
        self._pictures_share()
        address = self._database_make()
        environment = _environment() | {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": address,
            "DEMO": "small",
            "PORT": str(self.port),
            "WEB_WORKERS": str(self.workers),
            "WORKER_NICE": "0",  # other tests take what it leaves, and a test here waits for it
        }
        with (self.folder / "start.log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shop.runtime", "up"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_for(self._is_open, "the shop's first page", self.patience)

    def close(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)
        self._sql(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.database))
        )

    def password(self, email: str) -> str:
        """Of an account of the demo."""
        accounts = json.loads((self.folder / "demo-accounts.json").read_text(encoding="utf-8"))
        return next(account["password"] for account in accounts if account["email"] == email)

    def told(self) -> None:
        """Wait until a worker has told everybody of what happened, e.g. the warehouses of an order."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            wait_for(
                lambda: connection.execute(ALL_TOLD).fetchone()[0],
                "the end of all news",
                PATIENT_SECONDS,
            )

    def sku_beside(self, number: str) -> str:
        """A mug of which the warehouse that sends this order has the most: both go in one parcel."""
        with psycopg.connect(self.database_url) as connection:
            sku, free = connection.execute(SKU_BESIDE, [number]).fetchone()
        assert free > 0, f"{sku}: none is free"
        return sku

    def mail(self, *, to: str, about: str, seconds: float = PATIENT_SECONDS) -> EmailMessage:
        """The mail to ``to`` whose subject or text names ``about``, once it has been sent."""
        return wait_for(lambda: self._mail(to, about), f"the mail to {to} about {about}", seconds)

    def order_link(self, message: EmailMessage) -> str:
        """The signed link to the order in a mail's text."""
        text = message.get_body(("plain",)).get_content()
        return re.search(re.escape(self.url) + r"/(?:zh-hans/)?orders/\S+", text)[0]

    def verify(self) -> subprocess.CompletedProcess[str]:
        """`manage.py verify` on this shop."""
        command = [sys.executable, "manage.py", "verify"]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False
        )

    def environment(self) -> dict[str, str]:
        """In which a command works on this shop."""
        keys = json.loads((self.folder / "secrets.json").read_text())
        return (
            os.environ
            | shop_settings(json.loads(keys["wallets"]), self.provider)
            | {
                "DATA_DIR": str(self.folder),
                "DATABASE_URL": self.database_url,
                "DJANGO_SETTINGS_MODULE": "shop.settings",
                "SECRET_KEY": keys["secret_key"],
                "STRIPE_SECRET_KEY": keys["stripe_secret_key"],
                "STRIPE_API_BASE": self.provider,
            }
        )

    @property
    def provider(self) -> str:
        """Where the payment provider and the carriers are played."""
        return f"http://127.0.0.1:{(self.folder / 'run' / 'provider.port').read_text()}"

    @property
    def database_url(self) -> str:
        return self._address(self.database)

    def mails(self, *, to: str) -> list[str]:
        """The subjects of all mails to ``to``, the oldest first."""
        files = sorted((self.folder / "mails").glob("*.eml"), key=lambda one: one.stat().st_mtime)
        read = (
            email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in files
        )
        return [message["Subject"] for message in read if message["To"] == to]

    def _is_open(self) -> bool:
        told = (self.folder / "start.log").read_text(encoding="utf-8")
        assert self.process is not None
        assert self.process.poll() is None, f"the shop did not start:\n{told[-3000:]}"
        return "Open after" in told and httpx.get(f"{self.url}/readyz", trust_env=False).is_success

    def _mail(self, to: str, about: str) -> EmailMessage | None:
        for file in sorted((self.folder / "mails").glob("*.eml")):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            words = f"{message['Subject']} {message.get_body(('plain',)).get_content()}"
            if message["To"] == to and about in words:
                return message
        return None

    def _pictures_share(self) -> None:
        """Composed pictures are kept between runs; everything else is new."""
        kept = Path(os.environ["DATA_DIR"]) / "browser" / PICTURES
        kept.mkdir(parents=True, exist_ok=True)
        here = self.folder / PICTURES
        here.parent.mkdir(parents=True)
        here.symlink_to(kept.resolve(), target_is_directory=True)

    def _database_make(self) -> str:
        """A copy of the migrated template where there is one; the start migrates what is missing."""
        templates = {name for (name,) in self._sql(sql.SQL("SELECT datname FROM pg_database"))}
        make = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database))
        if TEMPLATE in templates:
            make += sql.SQL(" TEMPLATE {}").format(sql.Identifier(TEMPLATE))
        self._sql(make)
        return self._address(self.database)

    def _address(self, database: str) -> str:
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))

    def _sql(self, statement: sql.Composable) -> list[tuple]:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


class OpenShop(LiveShop):
    """A shop that somebody opened with `make run`; nothing of it is started or removed here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        owner = json.loads((folder / "run" / "supervisor.lock").read_text())
        self.url = f"http://127.0.0.1:{owner['port']}"

    def open(self) -> None:
        assert httpx.get(f"{self.url}/readyz", trust_env=False).is_success

    def close(self) -> None:
        """It stays open."""

    def verify(self) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "shop.runtime", "exec", "--", sys.executable, "manage.py"]
        return subprocess.run(
            [*command, "verify"],
            cwd=ROOT,
            env=_environment()
            | {"DATA_DIR": str(self.folder), "PORT": self.url.rpartition(":")[2]},
            capture_output=True,
            text=True,
            check=False,
        )
