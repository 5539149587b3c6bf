"""A second process that cleans up when the first one is killed without a chance to do so."""

import contextlib
import os
import signal
from collections.abc import Callable


class Guard:
    """Watches its maker through a pipe: when the pipe closes without a farewell, it cleans up.

    The guard is a fork, so it holds the same file locks: while it works, the DATA_DIR is still
    taken. Make it before anything starts threads.
    """

    def __init__(self, clean_up: Callable[[], None]) -> None:
        reading, self._writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._writing)
            _watch(reading, clean_up)
        os.close(reading)

    def dismiss(self) -> None:
        """Say that all is stopped in order, and wait for the guard to go."""
        with contextlib.suppress(OSError):
            os.write(self._writing, b"farewell")
        os.close(self._writing)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _watch(reading: int, clean_up: Callable[[], None]) -> None:
    """Never returns: the guard ends here, without its maker's exit handlers."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        if not os.read(reading, 16):
            clean_up()
    finally:
        os._exit(0)
