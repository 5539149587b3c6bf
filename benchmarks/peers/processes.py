"""Processor time and memory of processes, from /proc. Where there is no /proc, nothing is known."""

import os
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
UTIME, STIME, CUTIME, CSTIME = 11, 12, 13, 14  # fields of /proc/PID/stat after the name
PPID = 1


def children(pid: int) -> list[int]:
    """Processes that ``pid`` started and that still run."""
    return [one for one in _processes() if (fields := _stat(one)) and int(fields[PPID]) == pid]


def parent(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[PPID]) if fields else None


def cpu_seconds(pid: int, *, with_ended: bool = False) -> float:
    """User and system time; ``with_ended`` also that of its children that have ended."""
    fields = _stat(pid)
    if not fields:
        return 0.0
    wanted = (UTIME, STIME, CUTIME, CSTIME) if with_ended else (UTIME, STIME)
    return sum(int(fields[one]) for one in wanted) / TICKS


def megabytes(pid: int) -> float:
    """Proportional set size: memory shared by *n* processes counts a nth."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _processes() -> list[int]:
    return [int(one.name) for one in PROC.iterdir() if one.name.isdigit()] if PROC.exists() else []


def _stat(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
