"""Many requests at once over HTTP, from this machine to itself, and how long each took."""

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.report import percentile

TIMEOUT = 30


@dataclass
class Load:
    """What came of one run. Times are seconds."""

    times: list[float] = field(default_factory=list)
    failures: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

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
) -> Load:
    """Ask 127.0.0.1 for ``paths`` in turn until ``seconds`` or ``requests`` are used up.

    Each client keeps one connection and asks again as soon as it has its answer. Any status but 200
    is a failure and its time is not counted.
    """
    found = Load()
    lock = threading.Lock()
    deadline = time.monotonic() + seconds
    numbers = iter(range(requests))

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        headers = {"Accept-Encoding": "identity"} | ({"Cookie": cookie} if cookie else {})
        while time.monotonic() < deadline:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            start = time.monotonic()
            try:
                line.request("GET", paths[number % len(paths)], headers=headers)
                answer = line.getresponse()
                answer.read()
                is_good = answer.status == 200
            except (OSError, http.client.HTTPException):
                line.close()
                is_good = False
            with lock:
                if is_good:
                    found.times.append(time.monotonic() - start)
                else:
                    found.failures += 1
        line.close()

    start = time.monotonic()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.monotonic() - start
    return found
