"""Somebody who reads the live shop over HTTP, for what needs no browser."""

import re
from html.parser import HTMLParser

import httpx


class Forms(HTMLParser):
    """The forms of a page that send something: where each leads, and the values its inputs bring."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            self._inside = facts.get("method") == "post"
            if self._inside:
                self.found.append((facts.get("action") or "", {}))
        elif tag == "input" and self._inside and facts.get("name"):
            self.found[-1][1].setdefault(facts["name"], facts.get("value") or "")


class Visitor(httpx.Client):
    """``Visitor(url, zh=True)`` reads the Chinese pages. Each has cookies of its own."""

    def __init__(self, url: str, *, zh: bool = False) -> None:
        self.prefix = "/zh-hans" if zh else ""
        super().__init__(
            base_url=url,
            headers={"Accept-Language": "zh-CN" if zh else "en-GB", "Accept-Encoding": "br, gzip"},
            timeout=60,
            trust_env=False,
        )

    def submit(
        self, path: str, action: str, values: dict[str, str], *, htmx: bool = False
    ) -> httpx.Response:
        """Send the form of the page at ``path`` whose address ends in ``action``."""
        page = self.get(path, follow_redirects=True)
        forms = [(address or page.url.path, hidden) for address, hidden in Forms(page.text).found]
        address, hidden = next(one for one in forms if one[0].endswith(action))
        headers = {"Referer": str(page.url)} | ({"HX-Request": "true"} if htmx else {})
        return self.post(address, data=hidden | values, headers=headers)

    def sign_in(self, email: str, password: str, *, door: str = "/accounts/login/") -> None:
        answer = self.submit(
            f"{self.prefix}{door}", door, {"username": email, "password": password}
        )
        assert answer.status_code == 302, f"{email} could not sign in: {answer.status_code}"

    def gather(self) -> str:
        """Put something into the basket and the comparison; the path of its page."""
        shelf = self.get(f"{self.prefix}/catalogue/").text
        for path in dict.fromkeys(re.findall(r'href="([^"?#]+_\d+/)"', shelf)):
            actions = [action for action, _ in Forms(self.get(path).text).found]
            adding = next((one for one in actions if "/basket/add/" in one), None)
            if adding:
                answer = self.submit(path, adding, {"quantity": "1"})
                assert answer.status_code == 302, f"{path} answers {answer.status_code}"
                self.submit(path, "/compare/", {"add": re.search(r"_(\d+)/$", path)[1]})
                return path
        raise AssertionError("nothing on the shelf can be bought")
