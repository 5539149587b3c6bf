"""Typed readers of the environment, for the settings and for the runtime alike.

A wrong value stops the start with one clear sentence. Imports nothing of Django, so that the
supervisor can check every knob before anything starts.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

_MISSING = "\0missing"
_FLAGS = {"1": True, "true": True, "yes": True, "on": True}
_FLAGS |= {"0": False, "false": False, "no": False, "off": False}


class WrongSettingError(SystemExit):
    """A value the shop cannot start with.

    It is a ``SystemExit`` because the right answer is the same wherever it is raised, in settings,
    supervisor or worker: one sentence on stderr, status 1, no traceback.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(f"Storekeep cannot start: {sentence}")


def text(name: str, default: str = _MISSING) -> str:
    """The value as it stands, empty counting as not given; without a default it must be given."""
    value = os.environ.get(name, "").strip()
    if not value and default is _MISSING:
        raise WrongSettingError(f"{name} is not set; `make run` and `make shell` set it for you.")
    return value or default


def number(name: str, default: int, *, low: int = 0, high: int = 2_147_483_647) -> int:
    """A whole number from ``low`` to ``high``, both included."""
    value = text(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or not low <= int(value[:12]) <= high:
        raise WrongSettingError(
            f"{name} must be a whole number from {low} to {high}, not {value!r}."
        )
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    """1, true, yes, on; or 0, false, no, off."""
    value = text(name, "").lower()
    if value and value not in _FLAGS:
        raise WrongSettingError(f"{name} must be 1 or 0, not {value!r}.")
    return _FLAGS.get(value, default)


def items(name: str, default: list[str] | None = None) -> list[str]:
    """A list, separated by commas; empty items are dropped."""
    return [item.strip() for item in text(name, "").split(",") if item.strip()] or default or []


def choice(name: str, choices: tuple[str, ...], *, default: str) -> str:
    """One of the given words."""
    value = text(name, default)
    if value not in choices:
        raise WrongSettingError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def url(name: str, *, schemes: tuple[str, ...], default: str = _MISSING) -> str:
    """An address with one of the given schemes. It may hold a password, so it is never repeated."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise WrongSettingError(
            f"{name} must be an address that begins with {' or '.join(f'{s}://' for s in schemes)}."
        )
    return value


def path(name: str, default: Path) -> Path:
    """A folder or file; relative ones are taken from where the command runs."""
    value = text(name, "")
    return Path(value).expanduser().resolve() if value else default
