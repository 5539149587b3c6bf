"""The house stands as docs/architecture.md draws it."""

import ast
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from shop.settings.forks import FORKS

pytestmark = pytest.mark.req("S5.01", "S5.05")

ROOT = Path(__file__).parents[1]
APPS = ("shop", "catalog", "promotions", "supply", "payments", "orders", "crm")
FORKED = ("catalog", "promotions", "orders", "crm/customer", "shop/dashboard")
BIN = Path(sys.executable).parent


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=150,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sources(*folders: str, suffix: str = ".py") -> Iterator[tuple[str, str]]:
    """Path and text of our files under ``folders``; migrations are Django's words, not ours."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_every_app_imports_only_what_stands_below_it():
    assert "0 broken" in run(str(BIN / "lint-imports"), "--no-cache")


def test_nobody_goes_around_the_forks():
    run(str(BIN / "ruff"), "check", "--no-cache", "--select", "TID251", ".")


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.req("S5.06")
def test_settings_are_safe_to_deploy():
    output = run(
        sys.executable,
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        DJANGO_SETTINGS_MODULE="shop.settings",
        DEBUG="",
        DEMO="none",
        SECRET_KEY=secrets.token_urlsafe(60),
        PUBLIC_URL="https://shop.example",
        ALLOWED_HOSTS="shop.example",
        BEHIND_PROXY="1",
    )
    assert "no issues" in output


def documented(section: str) -> set[str]:
    """The first column of a table in docs/oscar-forks.md."""
    text = (ROOT / "docs" / "oscar-forks.md").read_text(encoding="utf-8")
    table = text.split(f"## {section}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE))


def overrides() -> Iterator[str]:
    """Every class in a fork that extends one of Oscar's, apart from its app configuration."""
    for path, text in sources(*FORKED):
        if path.endswith("/apps.py"):
            continue
        tree = ast.parse(text)
        oscars = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("oscar.")
            for alias in node.names
        }
        module = path.removesuffix(".py").replace("/", ".")
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and any(
                ast.unparse(base).split(".")[0] in oscars for base in node.bases
            ):
                # Of the back office the module is enough: its pages are all ours.
                yield module if path.startswith("shop/dashboard/") else f"{module}.{node.name}"


def test_every_fork_and_override_is_explained():
    assert documented("Apps") == set(FORKS.values())
    assert documented("Classes") == set(overrides())


def test_shared_rows_are_locked_in_locks_modules_only():
    """Elsewhere only to pick one of many equal rows, past those that others picked."""
    for path, text in sources(*APPS):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("select_for_update"):
                skips = any(one.arg == "skip_locked" for one in node.keywords)
                assert skips or path.endswith("locks.py"), f"{path}:{node.lineno}"


def test_templates_hold_no_script_and_no_style():
    inline = re.compile(r"""<[^>]*\s(style|on[a-z]+)\s*=\s*["']|<script(?![^>]*\bsrc=)""")
    for path, text in sources("templates", *APPS, suffix=".html"):
        if "/mails/" in path:  # mail programs know no style sheets
            continue
        found = inline.search(text)
        assert found is None or 'type="application/' in text[found.start() : found.start() + 80], (
            f"{path}: {found and found.group()}"
        )


def test_files_are_short_enough_to_read():
    folders = ("templates", "static", "tests", "scripts", *APPS)
    for suffix in (".py", ".html", ".css", ".js"):
        for path, text in sources(*folders, suffix=suffix):
            assert text.count("\n") <= 500, path


def test_no_address_of_a_registry_is_committed():
    hosts = r"registry\.(npmjs|yarnpkg)|pypi\.(org|python)|files\.python" + "hosted"
    found = subprocess.run(
        [
            "git",
            "grep",
            "-nIE",
            hosts,
            "--",
            ".",
            ":!scripts/lint.sh",
            ":!tests/test_architecture.py",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
