"""What is broken, one after the other. Each is armed while guests are buying, and healed if it must be."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.faults.house import House
from payments.localprovider.control import Control

Step = Callable[[House, Control], None]
FROZEN_SECONDS = 5.0
AWAY_SECONDS = 60.0


@dataclass(frozen=True)
class Fault:
    """``begin`` breaks something; ``end`` mends what does not mend itself."""

    name: str
    begin: Step
    end: Step = lambda _house, control: control.clear()


def provider(kind: str, target: str, *, times: int | None = 5, **more: float) -> Step:
    def arm(_house: House, control: Control) -> None:
        control.fault(kind, target, times=times, **more)

    return arm


def both(*steps: Step) -> Step:
    def begin(house: House, control: Control) -> None:
        for step in steps:
            step(house, control)

    return begin


def killed(word: str, *, first: bool = False) -> Step:
    """``first``: the parent of them; else one of its children, or it itself if there is none."""

    def kill(house: House, _control: Control) -> None:
        pids = house.pids(word)
        os.kill(pids[0] if first else pids[-1], signal.SIGKILL)

    return kill


def server_killed(name: str, how: signal.Signals) -> Step:
    return lambda house, _control: os.kill(house.server_pid(name), how)


def frozen(name: str) -> Step:
    def freeze(house: House, _control: Control) -> None:
        pid = house.server_pid(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(FROZEN_SECONDS)
        finally:
            os.kill(pid, signal.SIGCONT)

    return freeze


def stopped(name: str, seconds: float) -> Step:
    """It is not there, and whoever starts it again is stopped as well, for so long."""

    def stop(house: House, _control: Control) -> None:
        end = time.monotonic() + seconds
        gone: set[int] = set()
        while time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError):  # its note is just being written
                if (
                    pid := house.server_pid(name)
                ) not in gone:  # or old: its number may be another's
                    gone.add(pid)
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    return stop


OPEN, PAY, DONE = "checkout.sessions.create", "checkout.sessions.pay", "checkout.session.completed"
FAULTS = (
    Fault(
        "the line drops after the money was taken, and its webhook is lost",  # the reconciler's
        both(provider("drop", PAY, times=2), provider("webhook_drop", "*", times=None)),
    ),
    Fault("the provider hangs as a payment is opened", provider("hang", OPEN, times=2)),
    Fault("the provider answers 500", provider("error", OPEN)),
    Fault("the provider is busy (429)", provider("error", OPEN, status=429)),
    Fault("the provider drops the line after opening", provider("drop", OPEN)),
    Fault("the provider drops the line after taking the money", provider("drop", PAY)),
    Fault("the provider takes 1 s for each call", provider("delay", "*", times=None, ms=1000)),
    Fault("webhooks come twenty times at once", provider("webhook_duplicate", DONE, count=20)),
    Fault("webhooks come 4 s late", provider("webhook_late", DONE, seconds=4)),
    Fault("webhooks come in the wrong order", provider("webhook_out_of_order", "*", times=12)),
    Fault("webhooks never come", provider("webhook_drop", DONE)),
    Fault("webhooks name a wrong amount", provider("webhook_wrong_amount", DONE)),
    Fault("webhooks carry a bad signature", provider("webhook_bad_signature", DONE)),
    Fault("the provider's process is killed", killed("payments.localprovider")),
    Fault("Redis is killed", server_killed("redis", signal.SIGKILL)),
    Fault(f"Redis stands still for {FROZEN_SECONDS:.0f} s", frozen("redis")),
    Fault(f"Redis is away for {AWAY_SECONDS:.0f} s", stopped("redis", AWAY_SECONDS)),
    Fault("Celery's worker is killed", killed("celery -A shop worker", first=True)),
    Fault("one of two web processes is killed", killed("granian")),
    Fault("PostgreSQL is restarted", server_killed("postgres", signal.SIGINT)),
    Fault("PostgreSQL is killed", server_killed("postgres", signal.SIGQUIT)),
)
