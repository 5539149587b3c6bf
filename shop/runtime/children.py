"""The shop's own processes: started in a group each, restarted when they crash, stopped in order."""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

BACKOFF_SECONDS = (0.5, 1, 2, 5, 10, 30)
CALM_SECONDS = 60  # a child that lived this long starts again with the shortest wait


@dataclass
class Child:
    """One process with its log. ``grace`` is how many seconds it has to end what it is doing."""

    name: str
    command: list[str]
    log: Path
    grace: float = 10
    process: subprocess.Popen | None = None
    failures: int = 0
    started: float = 0
    retry_at: float = field(default=0)

    def start(self, environment: dict[str, str], folder: Path) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=folder,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops in order
            )
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
            group_signal(self.process.pid, signal.SIGKILL)  # what it left behind holds its port
        self.failures += 1
        self.process = None
        self.retry_at = time.monotonic() + wait
        return wait


def stop_groups(groups: list[tuple[int, float]]) -> None:
    """End process groups one after another: ask, wait their grace in seconds, then insist.

    All are asked at once, so that stopping takes as long as the slowest of them, not their sum.
    """
    start = time.monotonic()
    for group, _grace in groups:
        group_signal(group, signal.SIGTERM)
    for group, grace in groups:
        while group_alive(group) and time.monotonic() - start < grace:
            time.sleep(0.03)
        group_signal(group, signal.SIGKILL)


def group_signal(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def group_alive(group: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(group, os.WNOHANG)  # a zombie of ours would look alive
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def birth(pid: int) -> str | None:
    """When that process began, in the kernel's words: with the number it names one process ever.

    None where the process is gone or there is no /proc.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


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
