"""`make test`: pytest on databases copied from a migrated one, in parallel with other runs.

Migrating takes a quarter of a minute, copying a quarter of a second. The migrated template is made
anew when a migration has changed. Every run has its own copies, which are dropped at its end: one,
or one for each of the processes among which a run of everything is divided.
"""

import os
import shutil
import sys
from urllib.parse import urlsplit, urlunsplit

from shop import env
from shop.env import WrongSettingError
from shop.runtime import children, locks, steps
from shop.runtime.config import Config
from shop.runtime.runner import borrowed, run_command
from shop.runtime.services import Services

BROWSERS = (
    "chromium-headless-shell",  # no window to draw: half of the processor time of the others
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
TEMPLATE = "template_shop"
RUN = "test_run_"
MOST_WORKERS = 4
# Processes beside those that keep the cores busy: who drives the browser waits for it, others for threads and servers.
WAITING = 1
# What takes longest comes first in the order of the tests, not by the number of tests in a group.
DIVIDED = "--numprocesses={} --dist=loadfile --no-loadscope-reorder"


def test(config: Config, arguments: list[str]) -> int:
    """Run pytest with ``arguments``; its exit status."""
    browser = browser_decide()
    narrowed = any(not word.startswith("-") for word in arguments)
    workers = 1 if narrowed else min((os.cpu_count() or 1) + WAITING, MOST_WORKERS)
    pytest = [sys.executable, "-m", "pytest", *arguments]
    pytest += DIVIDED.format(workers).split() if workers > 1 else []
    with borrowed(config) as (services, environment):
        environment |= browser
        if not services.postgres:  # somebody else's server: Django makes and drops its database
            return run_command(pytest, environment)
        _tables_ready(config, services, environment)
        name = f"{RUN}{os.getpid()}"
        copies = [f"{name}_gw{number}" for number in range(workers)] if workers > 1 else [name]
        for copy in copies:
            _sql(services.database_url, f"CREATE DATABASE {copy} TEMPLATE {TEMPLATE}")
        environment["DATABASE_URL"] = _named(services.database_url, name.removeprefix("test_"))
        try:
            return run_command([*pytest, "--reuse-db"], environment)
        finally:
            for copy in copies:
                _sql(services.database_url, f"DROP DATABASE {copy} WITH (FORCE)")


def tables(config: Config) -> None:
    """Make the migrated template, so that the run of the tests that follows finds it."""
    with borrowed(config) as (services, environment):
        _tables_ready(config, services, environment)


def browser_decide() -> dict[str, str]:
    """BROWSER_TESTS is ``required`` in CI, else ``run`` or ``skip``; CHROMIUM is the browser."""
    found = env.text("CHROMIUM", "") or next(filter(None, map(shutil.which, BROWSERS)), "")
    required = env.text("CI", "") == "true" or env.text("BROWSER_TESTS", "") == "required"
    if required and not found:
        raise WrongSettingError("browser tests are required, but there is no Chromium on the PATH.")
    if not found:
        sys.stderr.write("Browser tests are skipped: there is no Chromium on the PATH.\n")
    return {
        "BROWSER_TESTS": "required" if required else "run" if found else "skip",
        "CHROMIUM": found,
    }


def _tables_ready(config: Config, services: Services, environment: dict[str, str]) -> None:
    """Nothing to do where the server is somebody else's."""
    if services.postgres:
        with locks.held(config.run_dir / "template.lock"):
            _drop_forgotten(services.database_url)
            _template_refresh(config, environment, identity=services.postgres.identity)


def _template_refresh(config: Config, environment: dict[str, str], *, identity: str) -> None:
    stamp = steps.Stamp(config.run_dir / "template", steps.migrations_digest(identity))
    if stamp.is_current:
        return
    url = environment["DATABASE_URL"]
    _sql(url, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)", f"CREATE DATABASE {TEMPLATE}")
    there = environment | {"DATABASE_URL": _named(url, TEMPLATE)}
    steps.run("tables for the tests", [*steps.MANAGE, "migrate", "--noinput"], config, there)
    stamp.set()


def _drop_forgotten(url: str) -> None:
    """The copies of runs that were killed."""
    names = [row[0] for row in _sql(url, "SELECT datname FROM pg_database")]
    for name in names:
        owner = name.removeprefix(RUN).partition("_")[0]
        if name.startswith(RUN) and owner.isdigit() and not children.is_alive(int(owner)):
            _sql(url, f"DROP DATABASE {name} WITH (FORCE)")


def _sql(url: str, *statements: str) -> list[tuple]:
    """Run statements, each by itself; the rows of the last one. The names in them are our own."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
