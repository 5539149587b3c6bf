"""What a page weighs on the wire, part by part, as the server compressed it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

# Bytes a first visit may take; scripts are counted together.
HTML_MOST, CSS_MOST, JS_MOST, VISIT_MOST = 20_000, 20_000, 30_000, 150 * 1024
PARTS = re.compile(
    r"""<link\b[^>]*\brel="stylesheet"[^>]*\bhref="(?P<css>[^"]+)"|<script\b[^>]*\bsrc="(?P<js>[^"]+)\""""
)


@dataclass(frozen=True)
class Weight:
    """Bytes of the bodies as they travelled."""

    html: int
    css: int
    js: int

    @property
    def too_heavy(self) -> list[str]:
        most = {"html": HTML_MOST, "css": CSS_MOST, "js": JS_MOST}
        return [
            f"{part} {getattr(self, part):,} B > {limit:,} B"
            for part, limit in most.items()
            if getattr(self, part) > limit
        ]


def weight(client: httpx.Client, path: str) -> Weight:
    """Of the page at ``path`` with the style sheets and scripts that it names."""
    size, text = _fetch(client, path)
    found = list(PARTS.finditer(text))
    at = str(client.base_url)
    return Weight(
        html=size,
        css=_sum(client, (urljoin(at, one["css"]) for one in found if one["css"])),
        js=_sum(client, (urljoin(at, one["js"]) for one in found if one["js"])),
    )


def _sum(client: httpx.Client, addresses: Iterable[str]) -> int:
    return sum(_fetch(client, one)[0] for one in dict.fromkeys(addresses))


def _fetch(client: httpx.Client, address: str) -> tuple[int, str]:
    """Bytes on the wire, and the text behind them."""
    with client.stream("GET", address) as answer:
        answer.read()
        return answer.num_bytes_downloaded, answer.text
