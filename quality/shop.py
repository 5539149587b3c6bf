"""The shop that is measured: as `make run` opens it, in a folder of its own that is kept for the next time."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from shop.runtime.ports import first_free

ROOT = Path(__file__).resolve().parent.parent
OPEN_SECONDS = 3600  # the full demo composes its pictures the first time


@dataclass(frozen=True)
class Shop:
    """An open shop and the folder with its data."""

    url: str
    folder: Path

    def password(self, email: str) -> str:
        """Of an account of the demo."""
        accounts = json.loads((self.folder / "demo-accounts.json").read_text(encoding="utf-8"))
        return next(one["password"] for one in accounts if one["email"] == email)


@contextmanager
def opened(*, demo: str) -> Iterator[Shop]:
    """Start web server, worker, clock and payment provider with the goods of ``demo``; stop them after."""
    folder = Path(os.environ.get("DATA_DIR", ROOT / ".data")).resolve() / f"quality-{demo}"
    folder.mkdir(parents=True, exist_ok=True)
    port = first_free([])
    own = {"DATA_DIR": str(folder), "DEMO": demo, "PORT": str(port)}
    log = folder / "start.log"
    print(f"the shop opens, {log} …", flush=True)
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "shop.runtime", "up"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "DEBUG"} | own,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )
    shop = Shop(f"http://127.0.0.1:{port}", folder)
    try:
        _wait_until_open(process, shop, log)
        yield shop
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_open(process: subprocess.Popen[bytes], shop: Shop, log: Path) -> None:
    deadline = time.monotonic() + OPEN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the shop did not start:\n{log.read_text()[-3000:]}")
        if "Open after" in log.read_text(encoding="utf-8"):
            httpx.get(f"{shop.url}/readyz", trust_env=False).raise_for_status()
            return
        time.sleep(0.3)
    raise SystemExit("the shop did not open in time")
