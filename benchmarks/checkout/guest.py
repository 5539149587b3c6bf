"""A guest who asks for pages over HTTP: cookies, redirects and hidden fields, and how long each took."""

import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from benchmarks.checkout.line import Line

MOST_REDIRECTS = 6
INPUT = re.compile(rb"<input\b[^>]*>")
FACT = re.compile(rb'(\w[\w-]*)="([^"]*)"')


class CheckoutFailed(Exception):
    """A page answered something that a guest cannot go on from."""


@dataclass
class Answer:
    url: str
    status: int
    body: bytes

    def hidden(self, prefix: str = "") -> dict[str, str]:
        """Names and values of hidden fields, of those whose names begin with ``prefix``."""
        found = {}
        for tag in INPUT.findall(self.body):
            facts = dict(FACT.findall(tag))
            if facts.get(b"type") == b"hidden" and b"name" in facts:
                found[facts[b"name"].decode()] = facts.get(b"value", b"").decode()
        return {name: value for name, value in found.items() if name.startswith(prefix)}


@dataclass
class Guest:
    """One guest with a connection to each host. ``times`` collects seconds by step."""

    origin: str
    times: dict[str, float] = field(default_factory=dict)
    step: str = ""
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._follow("GET", urljoin(self.origin, path), None)

    def post(self, path: str, values: dict[str, str]) -> Answer:
        """Send a form as its page would, with the token of the cookie."""
        url = urljoin(self.origin, path)
        token = self.cookies.get(urlsplit(url).netloc, {}).get("csrftoken", "")
        return self._follow("POST", url, {"csrfmiddlewaretoken": token} | values)

    def htmx(self, path: str, values: dict[str, str]) -> Answer:
        """Send a form as a page with scripts does: the answer is a piece of the page."""
        self.heads = {"HX-Request": "true"}
        try:
            return self.post(path, values)
        finally:
            self.heads = {}

    def close(self) -> None:
        for line in self.lines.values():
            line.close()
        self.lines.clear()

    def _follow(self, method: str, url: str, values: dict[str, str] | None) -> Answer:
        start = time.perf_counter()
        try:
            for _ in range(MOST_REDIRECTS):
                answer, location = self._ask(method, url, values)
                if not location:
                    return answer
                method, url, values = "GET", urljoin(url, location), None
        finally:
            seconds = time.perf_counter() - start
            self.times[self.step] = self.times.get(self.step, 0.0) + seconds
        raise CheckoutFailed(f"{self.step}: {url} leads in a circle")

    def _ask(self, method: str, url: str, values: dict[str, str] | None) -> tuple[Answer, str]:
        parts = urlsplit(url)
        known = self.cookies.setdefault(parts.netloc, {})
        heads = dict(self.heads)
        if known:
            heads["Cookie"] = "; ".join(f"{name}={value}" for name, value in known.items())
        if values is not None:
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        body = None if values is None else urlencode(values)
        try:
            line = self.lines.get(parts.netloc)
            if line is None:
                line = self.lines[parts.netloc] = Line(parts.netloc)
            reply = line.ask(method, path, heads, body)
        except OSError as error:
            if line := self.lines.pop(parts.netloc, None):
                line.close()
            raise CheckoutFailed(f"{self.step}: {type(error).__name__}") from error
        known |= reply.cookies
        location = reply.location if reply.status in (301, 302, 303) else ""
        return Answer(url, reply.status, reply.body), location
