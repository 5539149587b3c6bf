"""`make run` as its user meets it: open, stop, kill, start again, two side by side."""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from shop.runtime.children import Child, stop_groups
from shop.runtime.config import ROOT
from tests.runtime.conftest import eventually


def test_ctrl_c_stops_everything_and_the_second_start_finds_its_data(shop_make):
    shop = shop_make().start().wait_open()
    assert shop.page() == "open"
    assert shop.running() == ["postgres", "redis", "web"]
    secrets = (shop.data_dir / "secrets.json").read_text()

    status, _said = shop.end(signal.SIGINT)

    assert status == 0
    assert shop.running() == []
    shop.start().wait_open()
    assert shop.page() == "open"
    assert (shop.data_dir / "secrets.json").read_text() == secrets
    assert (shop.data_dir / "secrets.json").stat().st_mode & 0o077 == 0


def test_after_kill_9_the_next_start_works_at_once(shop_make):
    shop = shop_make().start().wait_open()

    shop.end(signal.SIGKILL)

    shop.start().wait_open()
    assert shop.page() == "open"


def test_kill_9_leaves_nothing_running(shop_make):
    shop = shop_make().start().wait_open()

    shop.end(signal.SIGKILL)

    eventually(lambda: shop.running() == [])


def test_even_when_the_guard_is_killed_too_the_next_start_works(shop_make):
    shop = shop_make().start().wait_open()
    for guard in _guards_of(shop.process.pid):
        os.kill(guard, signal.SIGKILL)
    shop.end(signal.SIGKILL)
    assert shop.running() == ["postgres", "redis", "web"]

    shop.start().wait_open()

    assert shop.page() == "open"


def test_a_crashed_child_and_a_crashed_redis_come_back(shop_make):
    shop = shop_make().start().wait_open()
    web = int(next(iter(json.loads((shop.data_dir / "run" / "children.json").read_text()))))
    redis = int((shop.data_dir / "run" / "redis.pid").read_text())

    os.kill(web, signal.SIGKILL)
    os.kill(redis, signal.SIGKILL)

    eventually(lambda: shop.running() == ["postgres"])
    eventually(lambda: shop.running() == ["postgres", "redis", "web"])


def test_a_child_can_stand_back_with_all_that_it_starts(tmp_path):
    starts_one = "import os, time; os.fork(); print(os.getpriority(os.PRIO_PROCESS, 0), flush=True)"
    command = [sys.executable, "-c", f"import time; time.sleep(1); {starts_one}; time.sleep(60)"]
    child = Child("worker", command, tmp_path / "log", dict(os.environ), niceness=10)

    child.start(tmp_path)

    try:
        eventually(lambda: (tmp_path / "log").read_text().split() == ["10", "10"])
    finally:
        stop_groups([(child.process.pid, 1)])


def test_two_shops_run_side_by_side(shop_make):
    one, two = shop_make("one").start(), shop_make("two").start()
    one.wait_open()
    two.wait_open()

    one.end()

    assert one.running() == []
    assert two.running() == ["postgres", "redis", "web"]


def test_a_second_start_on_the_same_data_is_refused(shop_make):
    shop = shop_make().start().wait_open()

    second = _start(shop, PORT=str(shop.port + 7))

    assert second.returncode == 1
    assert second.stderr.strip().endswith(f"(process {shop.process.pid}).")
    assert shop.page() == "open"


def test_a_port_in_use_is_refused(shop_make):
    shop = shop_make()
    with socket.socket() as other:
        other.bind(("127.0.0.1", shop.port))
        other.listen()

        refused = _start(shop)

    assert refused.stderr == (
        f"Storekeep cannot start: port {shop.port} is in use; give another one with PORT.\n"
    )
    assert shop.running() == []


@pytest.mark.parametrize(
    ("knob", "value", "sentence"),
    [
        ("PORT", "abc", "PORT must be a whole number"),
        ("DEMO", "huge", "DEMO must be one of small, full, none"),
        ("WEB_WORKERS", "0", "WEB_WORKERS must be a whole number"),
        ("WORKER_NICE", "20", "WORKER_NICE must be a whole number"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/x", "DATABASE_URL does not answer"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "REDIS_URL does not answer"),
        ("DATA_DIR", "/dev/null/x", "DATA_DIR /dev/null/x cannot be written"),
    ],
)
def test_a_wrong_knob_stops_the_start_with_one_sentence(shop_make, knob, value, sentence):
    refused = _start(shop_make(), **{knob: value})

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Storekeep cannot start: {sentence}")
    assert refused.stderr.count("\n") == 1


def _start(shop, **more):
    return subprocess.run(
        [sys.executable, "-m", "tests.runtime.tiny_shop"],
        cwd=ROOT,
        env=shop.environment(**more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _guards_of(supervisor: int) -> list[int]:
    """The supervisor's forks: children that run the same command."""
    table = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(supervisor)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [int(row.split()[0]) for row in table if "tests.runtime.tiny_shop" in row]
