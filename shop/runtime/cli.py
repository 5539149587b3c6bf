"""`python -m shop.runtime`: start the shop, or run one command as the shop would."""

import argparse
import os
import sys

from shop.runtime import processes, steps
from shop.runtime.config import ROOT, Config, config_read, folders_make

USAGE = """\
up        start everything and stay (this is `manage.py up`)
exec      start or reuse PostgreSQL and Redis, run the command after --, stop what was started
test      the same on a throw-away database, with pytest and the arguments after --
tables    migrate what the databases of test are copied from; test does so itself where it is missing
web, worker, beat, migrate
          one production process; DATABASE_URL, REDIS_URL and SECRET_KEY must be given
translations
          compile the translations, for building an image
"""
ACTIONS = ("up", "exec", "test", "tables", "web", "worker", "beat", "migrate", "translations")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m shop.runtime",
        description=__doc__,
        epilog=USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=ACTIONS, metavar="action")
    parser.add_argument(
        "--for-tests", action="store_true", help="exec: a quick database that is thrown away"
    )
    words = sys.argv[1:] if arguments is None else arguments
    cut = words.index("--") if "--" in words else len(words)
    chosen, command = parser.parse_args(words[:cut]), words[cut + 1 :]
    config = config_read(for_tests=chosen.for_tests or chosen.action in ("test", "tables"))
    if chosen.action == "up":
        from shop.runtime.supervisor import up

        up(config)
    elif chosen.action == "exec":
        if not command:
            parser.error("exec needs a command after --")
        from shop.runtime.runner import borrowed, run_command

        with borrowed(config) as (_services, environment):
            status = run_command(command, environment)
        sys.exit(status)
    elif chosen.action == "test":
        from shop.runtime.testing import test

        sys.exit(test(config, command))
    elif chosen.action == "tables":
        from shop.runtime.testing import tables

        tables(config)
    elif chosen.action == "translations":
        steps.translations_compile()
    else:
        become(config, chosen.action)


def become(config: Config, action: str) -> None:
    """Turn into one production process: the container or the service manager looks after it."""
    folders_make(config)
    os.chdir(ROOT)
    command = {
        "web": processes.web(host=config.host, port=config.port, workers=config.workers),
        "worker": processes.worker(),
        "beat": processes.beat(folder=config.data_dir),
        "migrate": [*steps.MANAGE, "migrate", "--noinput"],
    }[action]
    os.execv(command[0], command)  # noqa: S606 - our own list, no shell
