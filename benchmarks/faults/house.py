"""A shop with a PostgreSQL and a Redis of its own, whose processes can be found and killed."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from benchmarks.peers.processes import children
from tests.browser.live_shop import ROOT, LiveShop

EXEC = [sys.executable, "-m", "shop.runtime", "exec", "--"]


class House(LiveShop):
    """``pids("celery")``: of processes of this shop alone."""

    def _database_make(self) -> str:
        return ""  # its own server makes its own

    @property
    def database_url(self) -> str:
        if not self._url:
            self._url = self._run(["printenv", "DATABASE_URL"]).stdout.strip().splitlines()[-1]
        return self._url

    _url = ""

    def close(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=60)

    def verify(self) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "manage.py", "verify"])

    def rows(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.database_url, autocommit=True, connect_timeout=3) as connection:
            return connection.execute(statement).fetchall()

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
