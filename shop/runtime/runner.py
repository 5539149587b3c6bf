"""Run one command with PostgreSQL and Redis at hand, started for it or shared with others."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from shop.runtime import steps
from shop.runtime.config import Config, child_environment, folders_make
from shop.runtime.guard import Guard
from shop.runtime.services import Services


@contextlib.contextmanager
def borrowed(config: Config) -> Iterator[tuple[Services, dict[str, str]]]:
    """The services of this DATA_DIR and the environment that points at them."""
    folders_make(config)
    steps.translations_compile()
    services = Services(config)
    guard = Guard(services.stop)
    # Ctrl-C belongs to the command: it decides when it ends, and we tidy up after it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        services.start()
        environment = child_environment(
            config,
            database_url=services.database_url,
            redis_url=services.redis_url,
            provider=None,
        )
        if services.postgres:  # psql and pg_dump of the server's own version
            tools = services.postgres.tools_dir()
            environment["PATH"] = os.pathsep.join([tools, environment.get("PATH", "")])
        yield services, environment
    finally:
        services.stop()
        guard.dismiss()


def run_command(command: list[str], environment: dict[str, str]) -> int:
    """Run it on our own terminal to its end; its exit status, 127 when there is no such command."""
    try:
        process = subprocess.Popen(command, env=environment, preexec_fn=_listen_to_ctrl_c)
    except FileNotFoundError:
        sys.stderr.write(f"there is no command {command[0]!r}\n")
        return 127
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    status = process.wait()
    return status if status >= 0 else 128 - status


def _listen_to_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
