"""A page in pieces: text that is everybody's, and what is filled for each request.

The text is compressed once, when the page is made. An answer to a browser that takes gzip is put
together from compressed pieces and from *stored* blocks (RFC 1951, 3.2.4) for what was filled, so
that no page is compressed for a visitor, and no secret ever shares a compressor's window with text
that a stranger may choose (BREACH). Long holes that say they hold neither are compressed by themselves.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shop.core.pagecache.gather import Gathered

TOKEN_LENGTH = 64  # characters of a masked CSRF token
_FILLER = b"\xff" * TOKEN_LENGTH  # in no UTF-8 text, so no text is compressed by pointing at it
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{%d}(?=")' % TOKEN_LENGTH)
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip: deflate, no name, no time
_END = b"\x03\x00"  # the last, empty block
_STORED_AT_MOST = 65_535


@dataclass(frozen=True)
class Text:
    plain: bytes
    packed: bytes


@dataclass(frozen=True)
class Token:
    """Place of a CSRF token."""


@dataclass(frozen=True)
class HolePart:
    """``inner``: what a stranger sees there."""

    name: str
    args: tuple[Any, ...]
    inner: tuple[Text | Token, ...]


Part = Text | Token | HolePart


@dataclass(frozen=True, eq=False)
class Page:
    """``seq``: the shelf's count of drops when rendering began. Times are seconds since 1970."""

    version: str
    seq: int
    made: float
    until: float | None
    language: str
    tags: tuple[str, ...]
    visits: tuple[tuple[str, tuple[Any, ...]], ...]
    headers: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    holes: frozenset[str] = field(default=frozenset())

    @property
    def strangers(self) -> list[Text | Token]:
        """What a visitor without any cookie sees."""
        found: list[Text | Token] = []
        for part in self.parts:
            found.extend(part.inner if isinstance(part, HolePart) else (part,))
        return found

    @cached_property
    def body(self) -> "Body":
        """The same, ready to be sent."""
        return body_make(self.strangers)

    @cached_property
    def size(self) -> int:
        """Bytes that the page holds in memory, about."""
        texts = [part for part in self.strangers if isinstance(part, Text)]
        return 2 * sum(len(text.plain) + len(text.packed) for text in texts)


def parts_make(content: bytes, gathered: Gathered) -> tuple[Part, ...]:
    """Cut a rendered page at its holes and tokens."""
    parts: list[Part] = []
    # Outside, inside, outside …: every hole stands between two marks, and says its number first.
    for place, piece in enumerate(content.split(gathered.mark.encode())):
        if place % 2:
            number, _, inner = piece.partition(b"|")
            name, args = gathered.holes[int(number)]
            parts.append(HolePart(name, args, tuple(_cut(inner))))
        else:
            parts.extend(_cut(piece))
    return tuple(parts)


def filled_make(content: bytes, *, is_packed: bool) -> list[Text | Token | bytes]:
    """A hole that was filled for a visitor, cut at the tokens of its forms."""
    if is_packed:
        return list(_cut(content))
    found: list[Text | Token | bytes] = []
    for number, text in enumerate(_TOKEN.split(content)):
        if number:
            found.append(Token())
        found.append(text)
    return found


def _cut(content: bytes) -> Sequence[Text | Token]:
    """Text between tokens, compressed in one window that ends with ``content``."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    found: list[Text | Token] = []
    for number, text in enumerate(_TOKEN.split(content)):
        if number:
            found.append(Token())
            packer.compress(_FILLER)
            packer.flush(zlib.Z_SYNC_FLUSH)  # what decompresses to the filler is never sent
        packed = packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)
        found.append(Text(text, packed))
    return found


@dataclass(frozen=True)
class Body:
    """What stands between the tokens, as it is and compressed."""

    plain: list[bytes]
    packed: list[bytes]

    def as_plain(self, token: bytes) -> bytes:
        return token.join(self.plain)

    def as_gzip(self, token: bytes) -> bytes:
        text = self.as_plain(token)
        end = struct.pack("<II", zlib.crc32(text), len(text) & 0xFFFFFFFF)
        return b"".join((_HEAD, _stored(token).join(self.packed), _END, end))


def body_make(parts: Iterable[Text | Token | bytes]) -> Body:
    """``bytes`` are holes that were filled."""
    plain: list[list[bytes]] = [[]]
    packed: list[list[bytes]] = [[]]
    for part in parts:
        if isinstance(part, Text):
            plain[-1].append(part.plain)
            packed[-1].append(part.packed)
        elif isinstance(part, Token):
            plain.append([])
            packed.append([])
        else:
            plain[-1].append(part)
            packed[-1].append(_stored(part))
    return Body([b"".join(one) for one in plain], [b"".join(one) for one in packed])


def _stored(text: bytes) -> bytes:
    """Blocks that hold ``text`` uncompressed."""
    blocks = []
    for start in range(0, len(text), _STORED_AT_MOST):
        piece = text[start : start + _STORED_AT_MOST]
        blocks.append(struct.pack("<BHH", 0, len(piece), len(piece) ^ 0xFFFF) + piece)
    return b"".join(blocks)
