"""Every page of the shop that links lead to, one of each kind, so that a new page is looked at unasked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
from django.urls import Resolver404, resolve
from django.utils import translation

MOST = 400  # kinds of pages; more would be a loop
# Answers that are no page, or that lead away from the state that the pages are looked at in.
LEFT_OUT = {"customer:logout", "set_language", "theme", "payment-return", "media_file"}
# Pages that are worth more than one look: each pattern in the path counts as a kind of its own.
KINDS = ("voucher", "gift-set", "download", "course", "engraving")


@dataclass(frozen=True)
class Place:
    """A page: the name of its address in urls.py, where to find it, and what the server sent."""

    name: str
    path: str
    html: str


class Links(HTMLParser):
    """The addresses that a page's links name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address and not dict(attrs).get("download"):
            self.found.append(address)


def places(
    client: httpx.Client, starts: Sequence[str], *, within: str = "", but: Iterable[str] = ()
) -> list[Place]:
    """``starts``, and following their links one of each other kind of page, inside ``within``.

    ``client`` brings the shop's address and the cookies of whoever looks. ``but`` names kinds that were
    looked at before.
    """
    kinds, paths, found = set(but), set(), []
    waiting = [(path, True) for path in starts]
    while waiting and len(found) < MOST:
        path, is_wanted = waiting.pop(0)
        kind = kind_of(path)
        if kind is None or path in paths or (kind in kinds and not is_wanted):
            continue
        paths.add(path)
        answer = client.get(path)
        if answer.status_code == 302:
            waiting.insert(0, (urlsplit(answer.headers["location"]).path, is_wanted))
            continue
        kinds.add(kind)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"
        found.append(Place(kind, path, answer.text))
        waiting += [(link, False) for link in _inside(client, path, answer.text, within)]
    return found


def _inside(client: httpx.Client, path: str, text: str, within: str) -> Iterator[str]:
    """Links to the same host and into ``within``; the back office only from the back office."""
    host = urlsplit(str(client.base_url)).netloc
    for link in Links(text).found:
        parts = urlsplit(urljoin(str(client.base_url.join(path)), link))
        is_office = "/dashboard/" in parts.path
        is_near = parts.netloc == host and parts.path.startswith(within)
        if is_near and (not is_office or "/dashboard/" in path):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def kind_of(path: str) -> str | None:
    """The name of the address and what makes a page of it special; None for what is left out."""
    bare, _, query = path.partition("?")
    language = "zh-hans" if bare.startswith("/zh-hans/") else "en"
    try:
        with translation.override(language):
            match = resolve(bare)
    except Resolver404:
        return None
    name = match.view_name or str(match.func)
    if name in LEFT_OUT:
        return None
    special = [word for word in KINDS if word in bare]
    if query and name == "search:search":
        special.append("asked")
    return " ".join([name, *special])
