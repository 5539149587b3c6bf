"""A runtime of one's own: a fresh DATA_DIR and free ports, and nothing left when the test ends."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shop.runtime import ports
from shop.runtime.config import ROOT, config_read
from shop.runtime.postgres import Postgres
from shop.runtime.redis import Redis

KNOBS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_API_BASE")


@dataclass
class Shop:
    """One supervisor process with its own data and port."""

    data_dir: Path
    port: int = field(default_factory=ports.first_free)
    process: subprocess.Popen | None = None

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in KNOBS}
        return kept | {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), **more}

    def start(self, **more: str) -> "Shop":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.tiny_shop"],
            cwd=ROOT,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return self

    def wait_open(self) -> "Shop":
        """Wait for the block that is printed once the shop is open."""
        for line in self.process.stdout:
            if "Ctrl-C stops everything" in line:
                return self
        raise AssertionError(f"the shop did not open: status {self.process.wait()}")

    def page(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
            return answer.read().decode()

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Signal the supervisor; its exit status and what it still said."""
        self.process.send_signal(number)
        said = self.process.communicate(timeout=30)[0]
        return self.process.returncode, said

    def config(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATA_DIR", str(self.data_dir))
            return config_read()

    def running(self) -> list[str]:
        """The names of what still runs for this shop."""
        names = []
        if Postgres(self.config()).pid():
            names.append("postgres")
        if Redis(self.config()).is_ready():
            names.append("redis")
        if ports.answers(self.port):
            names.append("web")
        return names


@pytest.fixture
def shop_make(tmp_path):
    """Make shops; what is still running at the end of the test is stopped."""
    shops: list[Shop] = []

    def make(name: str = "one") -> Shop:
        shops.append(Shop(tmp_path / name))
        return shops[-1]

    yield make
    for shop in shops:
        if shop.process and shop.process.poll() is None:
            shop.end(signal.SIGTERM)
        eventually(lambda shop=shop: not shop.running())


def eventually(condition, seconds: float = 20) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
