"""A shopper without JavaScript: reads pages, fills in the forms it finds, follows redirects."""

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

GERMANY = {
    "country": "DE",
    "for": "DE",
    "first_name": "Ada",
    "last_name": "König",
    "line1": "Invalidenstraße 116",
    "line2": "",
    "postcode": "10115",
    "line4": "Berlin",
    "phone_number": "030 901820",
}
CHINA = {
    "country": "CN",
    "for": "CN",
    "last_name": "王",
    "first_name": "小明",
    "phone_number": "131 2345 6789",
    "state": "上海市",
    "line4": "上海市",
    "line3": "静安区",
    "line1": "南京西路1266号",
    "postcode": "200040",
}


class _Inputs(HTMLParser):
    """Names and values of the controls of one form, also of those outside that name its id."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.values = form_id, False, {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            self.inside = facts.get("id") == self.form_id
        if tag == "input" and self.inside and facts.get("name"):
            if facts.get("type") == "radio" and "checked" not in facts:
                return
            self.values[facts["name"]] = facts.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def form_values(response: HttpResponse, form_id: str) -> dict[str, str]:
    reader = _Inputs(form_id)
    reader.feed(response.content.decode())
    return reader.values


class Shopper:
    """``Shopper(client, language="zh-hans")`` walks the Chinese pages."""

    def __init__(self, client: Client, *, language: str = "en") -> None:
        self.client = client
        self.prefix = "" if language == "en" else f"/{language}"

    def url(self, name: str, *args: Any) -> str:
        path = reverse(name, args=args)
        return f"{self.prefix}{path}" if not path.startswith(f"{self.prefix}/") else path

    def get(self, name: str, *args: Any) -> HttpResponse:
        return self.client.get(self.url(name, *args))

    def post(self, name: str, data: dict[str, Any], *args: Any) -> HttpResponse:
        return self.client.post(self.url(name, *args), data)

    def add(self, product, quantity: int = 1) -> None:
        response = self.post("basket:add", {"quantity": quantity}, product.pk)
        assert response.status_code in (302, 303), response.status_code

    def to_preview(self, *, email: str = "ada@example.com", address=GERMANY, method="standard"):
        """All steps up to the one that places the order; the page."""
        step = "checkout:index" if email else "checkout:shipping-address"
        data = {"email": email, **address} if email else address
        page = self.post(step, data)
        if method != "standard":
            page = self.post("checkout:shipping-method", {"method": method})
        assert (page.status_code, page.get("Content-Location")) == (
            200,
            self.url("checkout:preview"),
        )
        return page

    def place(self, page: HttpResponse, *, payment: str = "stripe", **changes: str) -> HttpResponse:
        values = {**form_values(page, "place-form"), "payment": payment, **changes}
        return self.post("checkout:preview", values)


def session_of(pay_url: str) -> str:
    """The provider's session id in the address of its page."""
    return re.search(r"/pay/([^?]+)", pay_url)[1]
