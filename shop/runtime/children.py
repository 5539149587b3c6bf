"""The shop's own processes: a group each, restarted on a crash, stopped in order."""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

BACKOFF_SECONDS = (0.5, 1, 2, 5, 10, 30)
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
CALM_SECONDS = 60  # a child that lived this long starts again with the shortest wait


@dataclass
class Child:
    """One process with its log. ``grace`` is how many seconds it has to end what it is doing.

    ``niceness``: how far it stands back where processors are short (0 to 19).
    """

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    grace: float = 10
    niceness: int = 0
    process: subprocess.Popen | None = None
    failures: int = 0
    started: float = 0
    retry_at: float = 0

    def start(self, folder: Path) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=folder,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops in order
            )
        if self.niceness:
            stand_back(self.process.pid, self.niceness)
        self.started = time.monotonic()

    def crashed(self) -> int | None:
        """The exit status when it has ended, which it never should by itself."""
        return self.process.poll() if self.process else None

    def plan_restart(self) -> float:
        """Forget the dead process and say in how many seconds the next one may start."""
        if time.monotonic() - self.started > CALM_SECONDS:
            self.failures = 0
        wait = BACKOFF_SECONDS[min(self.failures, len(BACKOFF_SECONDS) - 1)]
        if self.process:
            group_kill(self.process.pid)  # what it left behind holds its port
        self.failures += 1
        self.process = None
        self.retry_at = time.monotonic() + wait
        return wait


def stand_back(pid: int, niceness: int) -> None:
    """Let others go first. What it starts from now on stands back too.

    Linux shares processors out by sessions first where it groups them, and each child has its own.
    """
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))


def stop_groups(groups: list[tuple[int, float]]) -> None:
    """End process groups: ask each leader, wait its grace in seconds, then end what is left.

    All are asked at once, so that stopping takes as long as the slowest of them, not their sum.
    Only the leader is asked: it lets its own workers finish what they are doing.
    """
    start = time.monotonic()
    for leader, _grace in groups:
        with contextlib.suppress(ProcessLookupError):
            os.kill(leader, signal.SIGTERM)
    for leader, grace in groups:
        while is_alive(leader) and time.monotonic() - start < grace:
            time.sleep(0.02)
        group_kill(leader)


def group_kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Whether it still runs; a zombie, ours or an orphan that nobody collects, does not."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return _stat(pid)[:1] != ["Z"]


def birth(pid: int) -> str | None:
    """When that process began, in the kernel's words: with the number it names one process ever.

    None where the process is gone or there is no /proc.
    """
    fields = _stat(pid)
    return fields[19] if fields else None


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name, which may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def die_with_parent() -> None:
    """For ``preexec_fn``: a step does not go on when the start it belongs to is killed (Linux)."""
    import ctypes

    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):
        library.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)


def note_write(file: Path, children: list[Child]) -> None:
    """Remember which processes are ours, for a next start after the worst of ends."""
    running = [child.process.pid for child in children if child.process]
    file.write_text(json.dumps({str(pid): birth(pid) for pid in running}))


def leftovers_stop(file: Path) -> int:
    """End what an earlier start left running, if it is provably ours; how many there were."""
    try:
        noted = json.loads(file.read_text())
    except (OSError, ValueError):
        return 0
    ours = [int(pid) for pid, born in noted.items() if born and birth(int(pid)) == born]
    stop_groups([(pid, 5) for pid in ours])
    file.unlink(missing_ok=True)
    return len(ours)
