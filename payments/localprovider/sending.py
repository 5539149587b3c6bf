"""A message on its way to the shop: plain HTTP/1.1, and only the status of the answer counts.

A general client took several times as long as all else that the provider does for an order.
"""

import asyncio
import re
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from payments.localprovider.message import Message

PORTS = {"http": 80, "https": 443}
FAILURES = (OSError, ValueError, EOFError, asyncio.LimitOverrunError)  # OSError: timeouts too
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9][0-9])[ \r]")


async def message_post(message: Message) -> int:
    """Post it and return the status; redirects are not followed. Raises one of ``FAILURES``.

    Each message has a connection of its own: one that was kept may have been closed meanwhile by a shop
    that restarts, and a lost message comes again only after a pause.
    """
    parts = urlsplit(message.url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("the address is not one of the web")
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port or PORTS[parts.scheme], ssl=parts.scheme == "https" or None
    )
    try:
        writer.write(_head(message, parts) + message.body)
        await writer.drain()
        status = 100
        while status < 200:  # the answer is still to come
            status = _status(await reader.readuntil(b"\r\n\r\n"))
        return status
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _head(message: Message, parts: SplitResult) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Host": parts.netloc.rpartition("@")[2],
        "Accept": "*/*",
        **message.headers,
        "Content-Length": str(len(message.body)),
        "Connection": "close",
    }
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _status(head: bytes) -> int:
    found = _STATUS.match(head)
    if found is None:
        raise ValueError("what came is no answer in HTTP/1")
    return int(found[1])
