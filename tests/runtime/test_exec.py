"""`python -m shop.runtime exec`: borrow the database for one command."""

import os
import shutil
import subprocess
import sys

import pytest

from shop.runtime.config import ROOT


def test_a_command_finds_a_working_database_and_its_status_is_kept(shop_make):
    shop = shop_make()
    ask = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']); raise SystemExit(7)"

    done = _run(shop, sys.executable, "-c", ask)

    assert done.returncode == 7
    assert shop.running() == []


def test_the_last_one_out_stops_the_database(shop_make):
    shop = shop_make().start().wait_open()

    done = _run(shop, "true")

    assert done.returncode == 0
    assert shop.running() == ["postgres", "redis", "web"]


def test_a_shell_outlives_the_shop_it_was_opened_beside(shop_make):
    shop = shop_make().start().wait_open()
    shell = subprocess.Popen(
        [sys.executable, "-m", "shop.runtime", "exec", "--", "sh", "-c", "echo in; read line"],
        cwd=ROOT,
        env=shop.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert shell.stdout.readline() == "in\n"

    shop.end()

    assert shop.running() == ["postgres", "redis"]
    shell.communicate("\n", timeout=30)
    assert shop.running() == []


def _run(shop, *command, **more):
    return subprocess.run(
        [sys.executable, "-m", "shop.runtime", "exec", "--", *command],
        cwd=ROOT,
        env=shop.environment(**more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_root_without_user_namespaces_still_gets_a_database(shop_make, tmp_path):
    shop = shop_make()
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("setpriv", "sh", "redis-server"):
        found = shutil.which(name)
        if found:
            (commands / name).symlink_to(found)
    ask = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL'])"

    done = _run(shop, sys.executable, "-c", ask, PATH=str(commands))

    assert done.returncode == 0, done.stderr
    assert (shop.data_dir / "postgres").owner() == "nobody"
    again = _run(shop, sys.executable, "-c", ask)
    assert again.returncode == 0, again.stderr
