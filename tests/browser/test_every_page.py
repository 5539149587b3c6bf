"""Every page that links lead to: valid, light, and good to read for everyone, in both languages."""

import re
from collections.abc import Mapping

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.eyes import DAY, NIGHT, Rules, moves, narrow, zoomed
from tests.browser.rooms import Room, office, storefront
from tests.browser.validity import invalid
from tests.browser.visitor import Visitor
from tests.browser.weights import weight

pytestmark = [pytest.mark.req("S1.10", "S2.14", "S5.06"), pytest.mark.timeout(600)]

# Pages of the back office whose HTML is still Oscar's own.
OSCARS = re.compile(
    r"^dashboard:(offer|range|voucher|page"
    r"|catalogue-(attribute-option-group|.*(create|update|delete|class)))"
)


@pytest.fixture(scope="module")
def english(shop) -> list[Room]:
    return storefront(shop, zh=False)


@pytest.fixture(scope="module")
def chinese(shop) -> list[Room]:
    return storefront(shop, zh=True)


def test_the_html_is_valid(shop, english, chinese):
    pages = {
        f"{room.name} {place.path}": place.html
        for room in (*english, *chinese, *office(shop, zh=False))
        for place in room.places
        if not OSCARS.search(place.name)
    }

    assert len(pages) > 100
    assert invalid(pages) == []


def test_no_page_is_heavy(shop, english):
    heavy = []
    for room in english:
        with Visitor(shop.url) as client:
            client.cookies.update(room.cookies)
            for place in room.places:
                heavy += [f"{place.path}: {one}" for one in weight(client, place.path).too_heavy]

    assert heavy == []


def test_everyone_can_read_it_at_a_desk(shop, window, english):
    for room in english:
        one = window(size=DESK)
        walk(one, shop.url, room, DAY)


def test_everyone_can_read_it_on_a_phone_in_chinese(shop, window, chinese):
    for room in chinese:
        one = window(size=PHONE, touch=True, zh=True)
        walk(one, shop.url, room, NIGHT)


def walk(one, url: str, room: Room, schemes: Mapping[str, Rules]) -> None:
    """By day at a desk, by night on a phone: each width and each palette once."""
    one.page.context.add_cookies(
        [{"name": name, "value": value, "url": url} for name, value in room.cookies.items()]
    )
    for place in room.places:
        one.page.goto(place.path)
        one.look(schemes)
        one.found += moves(one.page)
        one.found += narrow(one.page) if room.zh else zoomed(one.page)
