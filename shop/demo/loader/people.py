"""Writing customers: accounts and saved addresses."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib.auth.hashers import make_password
from oscar.apps.address.models import UserAddress

from crm.accounts.models import User
from crm.members.models import MemberFacts
from shop.core.mailing.models import MailChoice, Source
from shop.core.mailing.topics import NEWS
from shop.demo.history import SimOrder
from shop.demo.loader.bulk import bulk
from shop.demo.people import Person

SHOPPER_ORDERS = range(4, 12)  # the demo's shopper takes the place of a buyer with some history


def address_of(person: Person) -> dict[str, Any]:
    """The columns of an order's or a saved address."""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "line1": person.line1,
        "line2": person.line2,
        "line3": person.line3,
        "line4": person.line4,
        "state": person.state,
        "postcode": person.postcode,
        "country_id": person.country,
        "phone_number": person.phone,
    }


def shopper_seated(
    people: list[Person], orders: Iterable[SimOrder], shopper: User
) -> tuple[list[Person], int]:
    """Give the demo's shopper a past: the people, one of them now the shopper, and which one."""
    counts = Counter(order.customer_index for order in orders if not order.is_guest)
    fitting = [
        person.index
        for person in people
        if person.country == "GB" and counts[person.index] in SHOPPER_ORDERS
    ]
    index = fitting[0] if fitting else counts.most_common(1)[0][0]
    people = list(people)
    people[index] = replace(
        people[index],
        first_name=shopper.first_name,
        last_name=shopper.last_name,
        email=shopper.email,
    )
    return people, index


def people_load(
    people: Iterable[Person], joined: Mapping[int, dt.datetime], *, seated: dict[int, User]
) -> dict[int, User]:
    """Accounts for those who ``joined`` (person index to first order). Nobody can sign in as them."""
    locked = make_password(None)
    new = [person for person in people if person.index in joined and person.index not in seated]
    users = bulk(
        User(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            language=person.language,
            password=locked,
            date_joined=joined[person.index],
        )
        for person in new
    )
    by_index = {person.index: user for person, user in zip(new, users, strict=True)} | seated
    addresses = []
    for person in people:
        if person.index in by_index:
            address = UserAddress(
                user=by_index[person.index], is_default_for_shipping=True, **address_of(person)
            )
            address.hash = address.generate_hash()
            addresses.append(address)
    bulk(addresses)
    _facts_load(people, by_index, joined)
    return by_index


def _facts_load(
    people: Iterable[Person], by_index: Mapping[int, User], joined: Mapping[int, dt.datetime]
) -> None:
    """Birthdays, and a yes to news from those who gave it, on the day they came."""
    known = [person for person in people if person.index in by_index]
    bulk(MemberFacts(user=by_index[one.index], birthday=one.birthday) for one in known)
    bulk(
        MailChoice(
            email=one.email.casefold(),
            topic=NEWS,
            is_wanted=True,
            source=Source.PAGE,
            changed_at=joined[one.index],
        )
        for one in known
        if one.wants_mail and one.index in joined
    )
