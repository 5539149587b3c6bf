"""The way of a guest from a product's page to the thanks, through either shop.

Both walks have the same steps. A step is all that a browser would ask for between two decisions: its
page, the form that is sent, and the redirects that follow. Pictures and static files are left out.
"""

import re
from collections.abc import Callable

from benchmarks.checkout.guest import Answer, CheckoutFailed, Guest

STEPS = ("product", "add", "details", "address", "delivery", "preview", "place", "pay")
ADDRESS = {
    "first_name": "Mei",
    "last_name": "Lin",
    "line1": "Torstraße 1",
    "line4": "Berlin",
    "postcode": "10119",
}

Walk = Callable[[Guest, str, int, str], None]


def _expect(answer: Answer, end: str, status: int = 200) -> Answer:
    if answer.status != status or end not in answer.url:
        raise CheckoutFailed(f"{answer.url} answers {answer.status} instead of …{end}")
    return answer


#: What is on the last page before the order, and on the thanks: a page that answers a form, or the way back from the
#: payment page, stands under that address and is known by itself.
BUTTON = re.compile(rb'<form id="place-form"')
THANKS = re.compile(rb'<own-address href="/checkout/thank-you/[0-9A-Z-]{6,}/"')


def _holds(answer: Answer, part: re.Pattern[bytes]) -> Answer:
    if answer.status != 200 or not part.search(answer.body):
        raise CheckoutFailed(f"{answer.url} answers {answer.status} without {part.pattern!r}")
    return answer


def ours_to_preview(guest: Guest, page: str, product: int, email: str) -> Answer:
    """Everything before the order; the page that places it."""
    guest.step = "product"
    _expect(guest.get(page), page)
    guest.step = "add"
    family = page.rstrip("/").rpartition("_")[2]
    variant = {} if family == str(product) else {"child_id": str(product)}
    guest.htmx(f"/basket/add/{family}/", {"quantity": "1"} | variant)
    guest.step = "details"
    guest.get("/checkout/")
    guest.step = "preview"  # e-mail and address are one page, and the usual delivery is chosen
    where = {"email": email} | ADDRESS | {"country": "DE", "for": "DE"}
    return _holds(guest.post("/checkout/", where), BUTTON)


def ours_place(guest: Guest, preview: Answer, *, payment: str = "stripe") -> Answer:
    """Press the button; the provider's page, or what refuses the order."""
    guest.step = "place"
    fields = preview.hidden("shown") | preview.hidden("basket")
    return guest.post("/checkout/preview/", fields | {"payment": payment})


def ours(guest: Guest, page: str, product: int, email: str) -> None:
    """A whole checkout with the card page of the local provider."""
    preview = ours_to_preview(guest, page, product, email)
    paying = _expect(ours_place(guest, preview), "/pay/")
    guest.step = "pay"
    _holds(guest.post(paying.url, {"outcome": "pay"}), THANKS)


def stock_to_preview(guest: Guest, page: str, product: int, email: str) -> Answer:
    guest.step = "product"
    _expect(guest.get(page), page)
    guest.step = "add"
    _expect(guest.post(f"/basket/add/{product}/", {"quantity": "1", "action": "add"}), "")
    guest.step = "details"
    guest.get("/checkout/")
    _expect(
        guest.post("/checkout/", {"username": email, "options": "anonymous"}), "/shipping-address/"
    )
    guest.step = "address"
    # Shipping is free in a stock Oscar, so that its next two steps are redirects to the payment.
    _expect(
        guest.post("/checkout/shipping-address/", ADDRESS | {"country": "DE"}), "/payment-details/"
    )
    guest.step = "delivery"
    guest.step = "preview"
    return _expect(guest.post("/checkout/preview/", {}), "/preview/")


def stock_place(guest: Guest, _preview: Answer) -> Answer:
    guest.step = "place"
    return guest.post("/checkout/preview/", {"action": "place_order"})


def stock(guest: Guest, page: str, product: int, email: str) -> None:
    """A whole checkout; the payment is a pause inside of placing."""
    preview = stock_to_preview(guest, page, product, email)
    _expect(stock_place(guest, preview), "/thank-you/")


WALKS: dict[str, Walk] = {"ours": ours, "stock": stock}
