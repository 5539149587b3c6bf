"""One kept connection of a guest. Reading an answer takes a tenth of the processor time that `http.client`
needs, and on a small machine a guest must take little from the shop that is measured."""

import socket
from dataclasses import dataclass, field

TIMEOUT = 60
READ_AT_ONCE = 1 << 18
HEAD_END = b"\r\n\r\n"


class NotAnAnswerError(OSError):
    """What came is no answer of HTTP/1.1 whose length is known."""


@dataclass
class Reply:
    """``cookies`` by name; of the other heads only where it leads to."""

    status: int
    location: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Line:
    """Asks one host, one question after the other. Raises ``OSError`` when it does not answer."""

    def __init__(self, netloc: str) -> None:
        self.netloc = netloc
        host, _, port = netloc.partition(":")
        self.socket = socket.create_connection((host, int(port or 80)), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self.socket.close()

    def ask(self, method: str, path: str, heads: dict[str, str], body: str | None) -> Reply:
        content = b"" if body is None else body.encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.netloc}", "Accept-Encoding: identity"]
        lines += [f"{name}: {value}" for name, value in heads.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(content)}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + content)
        head, rest = self._head()
        reply, length = _head_read(head)
        while len(rest) < length:
            rest += self._piece()
        reply.body = bytes(rest)
        return reply

    def _head(self) -> tuple[bytes, bytearray]:
        got = bytearray()
        while (end := got.find(HEAD_END)) < 0:
            got += self._piece()
        return bytes(got[:end]), got[end + len(HEAD_END) :]

    def _piece(self) -> bytes:
        piece = self.socket.recv(READ_AT_ONCE)
        if not piece:
            raise NotAnAnswerError("the connection was closed")
        return piece


def _head_read(head: bytes) -> tuple[Reply, int]:
    """The answer without its body, and how long that is."""
    first, *lines = head.decode("latin-1").split("\r\n")
    status = first.split(" ", 2)[1]
    reply, length = Reply(int(status)), None
    for line in lines:
        name, _, value = line.partition(":")
        match name.lower():
            case "content-length":
                length = int(value)
            case "location":
                reply.location = value.strip()
            case "set-cookie":
                key, _, rest = value.strip().partition("=")
                reply.cookies[key] = rest.partition(";")[0]
    if length is None and status != "204":
        raise NotAnAnswerError(f"{first}: no length")
    return reply, length or 0
