"""Every legal step of an order, its payments, its parcels and its returns, as data.

Each area has a module ``steps`` with its ``TABLES``. A table lists what may follow what, and for each step
the service that takes it, who may, what undoes it, which event tells of it, which mail goes out and how the
order's timeline says it. What a step has not got is a `Why`. `docs/steps.md` is written from these tables
(`manage.py steps`), and tests hold them against the code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext

from shop.core.events import Event
from shop.core.office import declared


class Why(str):
    """Why a step has none of something, in words."""

    __slots__ = ()


class Final(Why):
    """Why a step cannot be undone. Clerks read it beside the step, so `make messages` collects it."""

    __slots__ = ()


@dataclass(frozen=True)
class Step:
    """One step. ``moves``: the pairs of states it leads over; "" is before the beginning, none: the state stays.

    ``service`` and ``undo`` are dotted names. ``address``: of the back office, whose permissions are the step's;
    a `Why` says who takes it elsewhere. ``event``: a class of `shop.core.events`. ``mail``: kinds, of which one
    goes out. ``line``: the msgid of its line in the timeline, with the context before a "|" where it has one.
    """

    name: str
    does: str
    service: str
    address: str | Why
    undo: str | Final
    event: type[Event] | Why
    mail: tuple[str, ...] | Why
    line: str | Why
    moves: tuple[tuple[str, str], ...] = ()

    @property
    def permissions(self) -> tuple[str, ...]:
        """What a clerk needs for it; empty where no clerk takes it."""
        return () if isinstance(self.address, Why) else declared[self.address].change or ()


@dataclass(frozen=True)
class Table:
    """``next``: the table of legal next states that the code itself asks; none where there are no states."""

    name: str
    steps: tuple[Step, ...]
    next: Mapping[str, Sequence[str]] | None = None

    @property
    def edges(self) -> set[tuple[str, str]]:
        return {(str(one), str(then)) for one, after in (self.next or {}).items() for then in after}


@cache
def final_steps() -> dict[str, Step]:
    """Those that cannot be undone, by the address of the back office or the service that takes them."""
    rows = [step for table in tables() for step in table.steps if isinstance(step.undo, Final)]
    found: dict[str, Step] = {}
    for step in rows:
        for name in (step.service, "" if isinstance(step.address, Why) else step.address):
            if name:
                found.setdefault(name, step)
    return found


def no_undo(name: str) -> str:
    """Why what this address or service does cannot be undone, in the reader's language; "" if it can."""
    step = final_steps().get(name)
    return gettext(step.undo) if step else ""


def way_back(table: str, state: str) -> str:
    """The address of the step that led into ``state`` of this table if it cannot be undone, else ""."""
    rows = next(one for one in tables() if one.name == table).steps
    led = [step for step in rows if any(then == state for _one, then in step.moves)]
    taken = [step for step in led if not isinstance(step.address, Why)]
    if not taken or not all(isinstance(step.undo, Final) for step in taken):
        return ""
    return str(taken[0].address)


def tables() -> list[Table]:
    """Of every app that has some, in the order in which the apps are installed."""
    return list(_tables())


def _tables() -> Iterator[Table]:
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "steps"):
            yield from getattr(import_module(f"{config.name}.steps"), "TABLES", ())


HEAD = """# Steps

Written by `manage.py steps` from the modules `steps` of each area; tests hold it up to date, and the tables against the code:
every pair of states that the code allows has its step, every service, address, event and mail exists, and walks
through the shop see each event, mail and line of the timeline come. What stands in *italics* says why there is none.
"""
COLUMNS = "step | what it does | from → to | service | permission | undone by | event | mail | line in the timeline"


def steps_written() -> str:
    """The page, one table for each area."""
    parts = [HEAD]
    for table in tables():
        parts += [f"## {table.name}\n", f"| {COLUMNS} |", f"|{' --- |' * 9}"]
        parts += [f"| {' | '.join(_cells(step))} |" for step in table.steps]
        parts.append("")
    return "\n".join(parts)


def _cells(step: Step) -> list[str]:
    moves = ", ".join(f"{one or '·'} → {then}" for one, then in step.moves)
    mail = step.mail if isinstance(step.mail, Why) else "`, `".join(step.mail)
    event = step.event if isinstance(step.event, Why) else step.event.name
    may = "<br>".join(f"`{one}`" for one in step.permissions)
    line = step.line if isinstance(step.line, Why) else step.line.rpartition("|")[2]
    return [
        f"**{step.name}**",
        step.does,
        moves or "stays",
        f"`{step.service}`",
        _cell(step.address) if isinstance(step.address, Why) else may,
        _cell(step.undo),
        _cell(event),
        _cell(Why(mail) if isinstance(step.mail, Why) else mail),
        f"*{line}*" if isinstance(step.line, Why) else f"“{line}”",
    ]


def _cell(value: str) -> str:
    return f"*{value}*" if isinstance(value, Why) else f"`{value}`"
