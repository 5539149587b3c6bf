"""Who looks at the shop, and at which of its pages: strangers, shoppers with a basket, members, the owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from tests.browser.places import Place, places
from tests.browser.visitor import Visitor

OWNER, MEMBER = "owner@storekeep.example", "shopper@storekeep.example"
STRANGER = ("/", "/catalogue/", "/search/?q=tea", "/search/?q=qqqqzz", "/orders/find/")
BASKET = ("/", "/basket/", "/compare/", "/recently-viewed/", "/checkout/")
ACCOUNT = ("/accounts/", "/wishlists/", "/alerts/")


class Shop(Protocol):
    """An open shop with the accounts of the demo."""

    url: str

    def password(self, email: str) -> str: ...


@dataclass(frozen=True)
class Room:
    """The pages that one visitor can see, and the cookies to see them with."""

    name: str
    zh: bool
    cookies: dict[str, str]
    places: list[Place]


def storefront(shop: Shop, *, zh: bool) -> list[Room]:
    """As a stranger, with things in the basket, and as a member; each page once."""
    language = "zh" if zh else "en"
    with _visitor(shop, zh=zh) as one:
        stranger = places(one, _starts(one, STRANGER), within=one.prefix)
        rooms = [Room(f"stranger {language}", zh, dict(one.cookies), stranger)]
        one.gather()
        filled = places(one, _starts(one, BASKET), within=one.prefix, but=_kinds(rooms))
        rooms.append(Room(f"basket {language}", zh, dict(one.cookies), filled))
    with _visitor(shop, zh=zh) as one:
        one.sign_in(MEMBER, shop.password(MEMBER))
        account = places(one, _starts(one, ACCOUNT), within=one.prefix, but=_kinds(rooms))
        rooms.append(Room(f"member {language}", zh, dict(one.cookies), account))
    return rooms


def office(shop: Shop, *, zh: bool) -> list[Room]:
    """The back office as its owner sees it."""
    with _visitor(shop, zh=zh) as one:
        one.sign_in(OWNER, shop.password(OWNER), door="/dashboard/login/")
        within = f"{one.prefix}/dashboard/"
        seen = places(one, (within,), within=within)
        return [Room(f"office {'zh' if zh else 'en'}", zh, dict(one.cookies), seen)]


@contextmanager
def _visitor(shop: Shop, *, zh: bool) -> Iterator[Visitor]:
    with Visitor(shop.url, zh=zh) as one:
        yield one


def _starts(one: Visitor, paths: tuple[str, ...]) -> list[str]:
    return [f"{one.prefix}{path}" for path in paths]


def _kinds(rooms: list[Room]) -> set[str]:
    return {place.name for room in rooms for place in room.places}
