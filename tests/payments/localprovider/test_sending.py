"""How a message goes to the shop."""

import asyncio
import ssl

import pytest

from payments.localprovider.message import Message
from payments.localprovider.sending import FAILURES, message_post


def posted(*pieces: bytes, path: str = "/hooks?a=1") -> tuple[int, bytes]:
    """The status, and what arrived at a server that answers with ``pieces``."""
    came: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(6))
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.close()

    async def run() -> int:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            url = f"http://127.0.0.1:{port}{path}"
            return await message_post(Message(url, b"{'a':1", {"Stripe-Signature": "t=1"}))

    return asyncio.run(run()), came[0]


def test_the_message_arrives_whole_and_its_status_comes_back():
    status, came = posted(b"HTTP/1.1 204 No Content\r\n\r\n")

    assert status == 204
    head, body = came.split(b"\r\n\r\n")
    assert body == b"{'a':1"
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /hooks?a=1 HTTP/1.1"
    assert {"Stripe-Signature: t=1", "Content-Length: 6", "Connection: close"} < set(lines)


@pytest.mark.parametrize(
    "pieces",
    [
        [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"],
        [b"HTTP/1.1 200 ", b"OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\no", b"k\r\n0\r\n\r\n"],
        [b"HTTP/1.0 200 OK\r\n\r\nuntil the end"],
    ],
)
def test_an_answer_in_pieces_is_understood(pieces):
    assert posted(*pieces)[0] == 200


@pytest.mark.parametrize(
    "pieces", [[], [b"HTTP/1.1 200 OK\r\nContent-Le"], [b"SMTP hello\r\n\r\n"]]
)
def test_no_answer_is_a_failure(pieces):
    with pytest.raises(FAILURES):
        posted(*pieces)


@pytest.mark.parametrize("url", ["", "ftp://shop.example/", "http://shop.example:99999/", "//x"])
def test_an_address_that_is_none_is_a_failure(url):
    with pytest.raises(FAILURES):
        asyncio.run(message_post(Message(url, b"")))


def test_an_address_that_says_https_is_not_spoken_to_in_the_clear():
    async def run() -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await message_post(Message(f"https://127.0.0.1:{port}/", b""))

    with pytest.raises((ssl.SSLError, OSError)):
        asyncio.run(run())
