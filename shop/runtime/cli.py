"""`python -m shop.runtime`: start the shop, or run one command as the shop would."""

import argparse
import os
import signal
import subprocess
import sys

from shop.runtime import processes, steps
from shop.runtime.config import ROOT, Config, child_environment, config_read, folders_make
from shop.runtime.guard import Guard
from shop.runtime.services import Services

USAGE = """\
up        start everything and stay (this is `manage.py up`)
exec      start or reuse PostgreSQL and Redis, run the command after --, stop what was started
web, worker, beat, migrate
          one production process; DATABASE_URL, REDIS_URL and SECRET_KEY must be given
"""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m shop.runtime",
        description=__doc__,
        epilog=USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "action", choices=["up", "exec", "web", "worker", "beat", "migrate"], metavar="action"
    )
    parser.add_argument(
        "--for-tests", action="store_true", help="exec: a quick database that is thrown away"
    )
    words = sys.argv[1:] if arguments is None else arguments
    cut = words.index("--") if "--" in words else len(words)
    chosen, command = parser.parse_args(words[:cut]), words[cut + 1 :]
    config = config_read(for_tests=chosen.for_tests)
    if chosen.action == "up":
        from shop.runtime.supervisor import up

        up(config)
    elif chosen.action == "exec":
        if not command:
            parser.error("exec needs a command after --")
        sys.exit(execute(config, command))
    else:
        become(config, chosen.action)


def execute(config: Config, command: list[str]) -> int:
    """Run ``command`` with the database and the queue of this DATA_DIR; its exit status."""
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
        process = subprocess.Popen(command, env=environment, preexec_fn=_listen_to_ctrl_c)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()
    except FileNotFoundError:
        print(f"there is no command {command[0]!r}", file=sys.stderr)  # noqa: T201
        return 127
    finally:
        services.stop()
        guard.dismiss()


def _listen_to_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def become(config: Config, action: str) -> None:
    """Turn into one production process: the container or the service manager looks after it."""
    os.chdir(ROOT)
    command = {
        "web": processes.web(host=config.host, port=config.port, workers=config.workers),
        "worker": processes.worker(),
        "beat": processes.beat(folder=config.data_dir),
        "migrate": [*steps.MANAGE, "migrate", "--noinput"],
    }[action]
    os.execv(command[0], command)  # noqa: S606 - our own list, no shell
