"""The feed as an RSS 2.0 file with Google's names, written item by item."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext

from catalog.feeds.addresses import in_language
from catalog.feeds.items import Fact

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
)
TAIL = "</channel>\n</rss>\n"


class FeedWriter:
    """Writes one file and knows its digest and size."""

    def __init__(self, path: Path, *, language: str) -> None:
        """The head is in the language that is active and called ``language``."""
        self.path, self.language = path, language
        self.file: BinaryIO = path.open("wb")
        self.sum = sha256()
        self.bytes = 0
        title = escape(settings.OSCAR_SHOP_NAME)
        text = escape(gettext("Everything in the shop, with what is left and when it arrives."))
        self._write(
            f"{HEAD}<title>{title}</title>\n<link>{escape(in_language('/', language))}</link>\n"
            f"<description>{text}</description>\n"
        )

    def add(self, items: Iterable[list[Fact]]) -> int:
        """Write these items; how many."""
        texts = [f"<item>{_facts(facts)}</item>\n" for facts in items]
        self._write("".join(texts))
        return len(texts)

    def close(self) -> str:
        """Finish the file; its digest."""
        self._write(TAIL)
        self.file.close()
        return self.sum.hexdigest()[:32]

    def _write(self, text: str) -> None:
        data = text.encode()
        self.sum.update(data)
        self.bytes += len(data)
        self.file.write(data)


def _facts(facts: Iterable[Fact]) -> str:
    return "".join(
        f"<{name}>{_facts(value) if isinstance(value, list) else _text(value)}</{name}>"
        for name, value in facts
    )


def _text(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return escape("".join(sign for sign in text if sign >= " "))
