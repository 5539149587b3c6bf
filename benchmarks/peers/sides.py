"""The three that are compared, each with a database, a cache prefix and a web server of its own."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks.peers.processes import children, cpu_seconds, megabytes

OPEN_SECONDS = 60


@dataclass(frozen=True)
class Side:
    """``folder``: where pictures and static files are kept from one run to the next."""

    name: str
    settings: str
    application: str
    database: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        address = urlsplit(os.environ["DATABASE_URL"])
        return os.environ | {
            "DATABASE_URL": urlunsplit(address._replace(path=f"/{self.database}")),
            "DJANGO_SETTINGS_MODULE": self.settings,
            "BENCHMARK_NAME": self.database,
            "BENCHMARK_FOLDER": str(self.folder / self.name),
            "DEMO": "none",
            "PYTHONWARNINGS": "ignore",
        }

    def inside(self, action: str, *arguments: object, **more: str) -> Any:
        """The answer of `benchmarks.peers.inside`. Ends the run if that fails."""
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.peers.inside", action, self.name]
            + [str(one) for one in arguments],
            env=self.environment | more,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.name}: {action} failed")
        return json.loads(done.stdout.splitlines()[-1])


def sides_make(name: str, folder: Path) -> dict[str, Side]:
    """By name. ``name`` begins the names of their databases."""
    what = {
        "ours": ("benchmarks.settings", "shop.wsgi:application"),
        "stock": ("benchmarks.stock.settings", "benchmarks.stock.wsgi:application"),
        "bare": ("", "benchmarks.bare.wsgi:application"),
    }
    return {
        key: Side(key, settings, application, f"{name}_{key}", folder)
        for key, (settings, application) in what.items()
    }


@dataclass
class Server:
    """A web server that is open on 127.0.0.1."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time that its processes have used."""
        return sum(map(cpu_seconds, [self.pid, *children(self.pid)]))

    def memory(self) -> list[float]:
        """Megabytes of each worker: its own and its share of what it shares."""
        return [megabytes(pid) for pid in children(self.pid)]


@contextmanager
def web_server(side: Side, *, workers: int, **more: str) -> Iterator[Server]:
    """The shop's own web server, with its own settings, running ``side`` on a free port.

    ``more`` is added to the environment.
    """
    from shop.runtime.ports import first_free
    from shop.runtime.processes import web

    port = first_free()
    command = [*web(host="127.0.0.1", port=port, workers=workers)[:-1], side.application]
    environment = side.environment | {"PORT": str(port)} | more
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_open(port, process)
            yield Server(port, process.pid)
        finally:
            process.terminate()


def _wait_until_open(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + OPEN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    raise SystemExit("the web server did not open")
