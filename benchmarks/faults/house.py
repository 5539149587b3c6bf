"""A shop with a PostgreSQL and a Redis of its own, whose processes can be found and killed.

It is kept, as that of `make run` is: the first run makes it, the next ones open it.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import LiteralString

import psycopg

from benchmarks.peers.processes import children
from tests.browser.live_shop import ROOT, LiveShop

EXEC = [sys.executable, "-m", "shop.runtime", "exec", "--"]


class House(LiveShop):
    """``pids("celery")``: of processes of this shop alone."""

    patience = 900  # seconds; on a busy machine the tables take minutes
    _url = ""

    def _pictures_share(self) -> None:
        if not self.folder.exists():  # a shop that was there before has them
            super()._pictures_share()

    def _database_make(self) -> str:
        return ""  # its own server makes its own

    @property
    def database_url(self) -> str:
        if not self._url:
            self._url = self._run(["printenv", "DATABASE_URL"]).stdout.strip().splitlines()[-1]
        return self._url

    def close(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=60)

    def verify(self) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "manage.py", "verify"])

    def receive(self, units: int, goods: int) -> None:
        """So many units of so many goods, through the ledger."""
        inside = [sys.executable, "-m", "benchmarks.checkout.inside", "stock"]
        self._run([*inside, str(units), str(goods)]).check_returncode()

    def rows(self, statement: LiteralString, values: Sequence[object] = ()) -> list[tuple]:
        """Raises ``psycopg.OperationalError`` while the database is away."""
        with psycopg.connect(self.database_url, autocommit=True, connect_timeout=3) as connection:
            return connection.execute(statement, values).fetchall()

    def pids(self, word: str) -> list[int]:
        """Of the shop's processes, whose command line has ``word`` in it, parents first."""
        assert self.process is not None
        waiting, found = [self.process.pid], []
        while waiting:
            pid = waiting.pop(0)
            if word in _command(pid):
                found.append(pid)
            waiting += children(pid)
        return found

    def server_pid(self, name: str) -> int:
        """Of PostgreSQL or Redis, which live beside the shop's processes."""
        if name == "postgres":
            folder = next(self.folder.glob("**/postmaster.pid"))
            return int(folder.read_text().splitlines()[0])
        return int((self.folder / "run" / "redis.pid").read_text())

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")
        }
        return subprocess.run(
            [*EXEC, *command],
            cwd=ROOT,
            env=environment | {"DATA_DIR": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
