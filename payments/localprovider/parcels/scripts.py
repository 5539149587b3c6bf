"""What becomes of a parcel: a script says after how many days the carrier tells what, and where."""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

Step = tuple[float, str, str]

SCRIPTS: dict[str, tuple[Step, ...]] = {
    "usual": (
        (0.0, "accepted", "Berlin"),
        (0.4, "transit", "Leipzig"),
        (0.8, "out", ""),
        (0.95, "delivered", ""),
    ),
    "late": (
        (0.0, "accepted", "Berlin"),
        (0.4, "transit", "Leipzig"),
        (1.0, "delayed", "Leipzig"),
        (5.0, "out", ""),
        (5.2, "delivered", ""),
    ),
    "lost": ((0.0, "accepted", "Berlin"), (0.5, "transit", "Leipzig"), (4.0, "lost", "Leipzig")),
    "damaged": (
        (0.0, "accepted", "Berlin"),
        (0.5, "transit", "Leipzig"),
        (1.0, "damaged", "Leipzig"),
        (2.0, "returned", "Leipzig"),
    ),
    "returned": (
        (0.0, "accepted", "Berlin"),
        (0.5, "transit", "Leipzig"),
        (0.8, "out", ""),
        (1.2, "missed", ""),
        (3.0, "returned", ""),
    ),
}
# A developer's wish: which script goes on from here, and which of its events happens at once.
WISHES: dict[str, tuple[str, str]] = {
    "deliver": ("usual", "delivered"),
    "late": ("late", "delayed"),
    "lose": ("lost", "lost"),
    "damage": ("damaged", "damaged"),
    "send_back": ("returned", "returned"),
}
NEXT = "next"
ENDS = ("delivered", "lost", "returned")
DAY = 86_400
_LETTERS = {"U": "usual", "L": "late", "X": "lost", "D": "damaged", "R": "returned"}
_OF = {name: letter for letter, name in _LETTERS.items()}
_TOLD = re.compile(r"^[PS]W([ULXDR])H([0-9A-F]{8})[0-9A-F]{4}$")


@dataclass(frozen=True)
class Happened:
    """One event that has happened."""

    id: str
    code: str
    at: float
    place: str


def number_new(carrier: str, script: str) -> str:
    """``PWU…``: the carrier, the script, and chance."""
    return f"{carrier[0].upper()}W{_OF[script]}N{secrets.token_hex(6).upper()}"


def number_of_the_past(carrier: str, script: str, handed_at: float, salt: int) -> str:
    """A number that says itself when it was handed over: for a shop that begins with a history."""
    return f"{carrier[0].upper()}W{_OF[script]}H{int(handed_at):08X}{salt % 65536:04X}"


def past_of(number: str) -> tuple[str, float] | None:
    """Script and moment of such a number."""
    found = _TOLD.match(number)
    return (_LETTERS[found[1]], int(found[2], 16)) if found else None


def wished(steps: Sequence[Step], elapsed: float, wish: str) -> tuple[Step, ...]:
    """The steps of a parcel after ``elapsed`` days of ``steps``, when ``wish`` happens now.

    What has happened stays as it was told. The event that is wished for happens at once, those that
    the script has before it too, and what follows keeps its distance.
    """
    past = tuple(step for step in steps if step[0] <= elapsed)
    if wish == NEXT:
        rest = steps[len(past) :]
        turn = rest[0][1] if rest else ""
    else:
        script, turn = WISHES[wish]
        told = {code for _days, code, _place in past}
        rest = tuple(step for step in SCRIPTS[script] if step[1] not in told)
    now = next((days for days, code, _place in rest if code == turn), None)
    if now is None:  # it has ended, or has happened before
        return tuple(steps)
    return past + tuple((elapsed + max(0.0, days - now), code, place) for days, code, place in rest)


def events_of(
    number: str,
    steps: Sequence[Step],
    handed_at: float,
    *,
    day: float,
    now: float | None = None,
) -> list[Happened]:
    """What has happened by ``now``; ``day``: how many seconds a day of the steps takes."""
    moment = time.time() if now is None else now
    return [
        Happened(f"{number}-{place}", code, handed_at + days * day, where)
        for place, (days, code, where) in enumerate(steps)
        if handed_at + days * day <= moment
    ]
