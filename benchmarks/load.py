"""Many requests at once over HTTP, from this machine to itself, and how long each took.

One thread that waits for all its connections at once: about a tenth of the processor time of one
thread per connection, so that on a small machine the client takes little from the server it measures.
"""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.report import percentile

TIMEOUT = 30
READ_AT_ONCE = 1 << 18
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass
class Load:
    """What came of one run. Times are seconds; ``client_cpu`` is what asking cost this process."""

    times: list[float] = field(default_factory=list)
    failures: int = 0
    seconds: float = 0.0
    client_cpu: float = 0.0
    received: int = 0  # bytes of bodies

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    @property
    def asked(self) -> int:
        return len(self.times) + self.failures

    def milliseconds(self, share: float) -> float:
        return 1000 * percentile(self.times, share) if self.times else 0.0


def load(
    paths: Sequence[str],
    *,
    port: int,
    clients: int,
    seconds: float,
    requests: int,
    cookie: str = "",
    timeout: float = TIMEOUT,
) -> Load:
    """Ask 127.0.0.1 for ``paths`` in turn until ``seconds`` or ``requests`` are used up.

    Each client keeps one connection and asks again as soon as it has its answer. Any status but 200
    is a failure and its time is not counted, and so is an answer that takes longer than ``timeout``.
    """
    asked = [_request(path, port=port, cookie=cookie) for path in paths]
    numbers = iter(range(requests))
    deadline = time.perf_counter() + seconds

    def following() -> bytes | None:
        """The next request, None when it is over."""
        if time.perf_counter() >= deadline:
            return None
        number = next(numbers, None)
        return None if number is None else asked[number % len(asked)]

    found = Load()
    cpu, start = time.process_time(), time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        lines = [_Line(port, following, found, waiting, timeout) for _ in range(clients)]
        for line in lines:
            line.ask()
        while waiting.get_map():
            ready = waiting.select(timeout=1)
            for key, _events in ready:
                key.data.read()
            if not ready:
                for line in lines:
                    line.give_up_if_late()
    found.seconds = time.perf_counter() - start
    found.client_cpu = time.process_time() - cpu
    return found


def _request(path: str, *, port: int, cookie: str) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept: text/html",
        "Accept-Encoding: identity",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class _Line:
    """One client: a connection that is kept, and the answer that it waits for."""

    def __init__(
        self,
        port: int,
        following: Callable[[], bytes | None],
        found: Load,
        waiting: selectors.BaseSelector,
        timeout: float,
    ) -> None:
        self.port, self.following, self.found = port, following, found
        self.waiting, self.timeout = waiting, timeout
        self.socket: socket.socket | None = None
        self.start = 0.0

    def ask(self) -> None:
        """Send the next request, or close when there is none."""
        request = self.following()
        if request is None:
            self._close()
            return
        self.buffer, self.got, self.needed = b"", 0, 0
        self.start = time.perf_counter()
        try:
            if self.socket is None:
                self._open()
            self.socket.sendall(request)
        except OSError:
            self._failed()

    def read(self) -> None:
        if self.socket is None:  # closed while it stood in the same round
            return
        try:
            piece = self.socket.recv(READ_AT_ONCE)
        except OSError:
            piece = b""
        if not piece:
            self._failed()
            return
        self.got += len(piece)
        if not self.needed:
            self.buffer += piece
            self._head_read()
        if self.needed and self.got >= self.needed:
            self._answered()

    def give_up_if_late(self) -> None:
        if self.socket and time.perf_counter() - self.start > self.timeout:
            self._failed()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.waiting.register(self.socket, selectors.EVENT_READ, self)

    def _close(self) -> None:
        if self.socket:
            self.waiting.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def _head_read(self) -> None:
        """Every page of ours and of Oscar says its length; one that does not is a failure."""
        end = self.buffer.find(HEAD_END)
        if end < 0:
            return
        head = self.buffer[:end].lower()
        self.is_good = head[9:12] == b"200"
        self.is_last = b"connection: close" in head
        place = head.find(LENGTH)
        length = int(head[place + len(LENGTH) :].split(b"\r\n", 1)[0]) if place >= 0 else -1
        if length < 0:
            self.is_good, self.is_last, length = False, True, self.got - end - len(HEAD_END)
        self.length, self.needed = length, end + len(HEAD_END) + length

    def _answered(self) -> None:
        if self.is_good:
            self.found.times.append(time.perf_counter() - self.start)
            self.found.received += self.length
        else:
            self.found.failures += 1
        if self.is_last:
            self._close()
        self.ask()

    def _failed(self) -> None:
        self.found.failures += 1
        self._close()
        self.ask()
