"""What is broken, one after the other. Each is armed while guests are buying, and healed if it must be."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.faults.house import House
from payments.localprovider.control import Control

PAUSE = 2.0


@dataclass(frozen=True)
class Fault:
    """``begin`` breaks something; ``end`` mends what does not mend itself."""

    name: str
    begin: Callable[[House, Control], None]
    end: Callable[[House, Control], None] = lambda _house, control: control.clear()


def provider(kind: str, target: str, *, times: int | None = 5, **more: float) -> Callable:
    return lambda _house, control: control.fault(kind, target, times=times, **more)


def killed(word: str, *, first: bool = False) -> Callable:
    """``first``: the parent of them; else one of its children, or it itself if there is none."""

    def kill(house: House, _control: Control) -> None:
        pids = house.pids(word)
        os.kill(pids[0] if first else pids[-1], signal.SIGKILL)

    return kill


def server_killed(name: str, how: signal.Signals) -> Callable:
    return lambda house, _control: os.kill(house.server_pid(name), how)


def frozen(name: str) -> Callable:
    def freeze(house: House, _control: Control) -> None:
        pid = house.server_pid(name)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(PAUSE)
        os.kill(pid, signal.SIGCONT)

    return freeze


SESSION, DONE = "checkout.sessions.create", "checkout.session.completed"
FAULTS = (
    Fault("provider hangs when a payment is opened", provider("hang", SESSION, times=2)),
    Fault("provider answers 500", provider("error", SESSION)),
    Fault("provider is busy (429)", provider("error", SESSION, status=429)),
    Fault("provider drops the line after opening", provider("drop", SESSION)),
    Fault(
        "provider drops the line after taking the money", provider("drop", "checkout.sessions.pay")
    ),
    Fault("provider is slow (1.5 s for each call)", provider("delay", "*", times=None, ms=1500)),
    Fault("webhooks come twenty times at once", provider("webhook_duplicate", DONE, count=20)),
    Fault("webhooks come late", provider("webhook_late", DONE, seconds=4)),
    Fault("webhooks come in the wrong order", provider("webhook_out_of_order", "*", times=12)),
    Fault("webhooks never come", provider("webhook_drop", DONE)),
    Fault("webhooks name a wrong amount", provider("webhook_wrong_amount", DONE)),
    Fault("webhooks carry a bad signature", provider("webhook_bad_signature", DONE)),
    Fault("provider's process is killed", killed("payments.localprovider")),
    Fault("Redis is killed", server_killed("redis", signal.SIGKILL)),
    Fault("Redis does not answer for 2 s", frozen("redis")),
    Fault("Celery's worker is killed", killed("celery -A shop worker", first=True)),
    Fault("one web process is killed", killed("granian")),
    Fault("PostgreSQL is restarted", server_killed("postgres", signal.SIGINT)),
    Fault("PostgreSQL is killed", server_killed("postgres", signal.SIGQUIT)),
)
