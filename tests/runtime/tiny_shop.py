"""The supervisor with a shop of three small programs, so that its behaviour shows in seconds."""

import sys

from shop.runtime import processes, steps, supervisor
from shop.runtime.config import config_read

SERVER = """
import http.server, sys

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"open")

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
IDLE = "import time; time.sleep(600)"


def main() -> None:
    processes.web = lambda *, port, **_: [sys.executable, "-c", SERVER, str(port)]
    processes.worker = processes.beat = lambda **_: [sys.executable, "-c", IDLE]
    processes.provider = lambda *, port, **_: [sys.executable, "-c", SERVER, str(port)]
    steps.migrate = steps.demo_load = lambda *_args, **_kwargs: None
    steps.Static = _NoStatic
    supervisor.up(config_read())


class _NoStatic:
    def __init__(self, *_args: object) -> None: ...
    def finish(self) -> None: ...
    def abandon(self) -> None: ...


if __name__ == "__main__":
    main()
