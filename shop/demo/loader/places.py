"""The demo's warehouses and their bins."""

import datetime as dt
import random
from dataclasses import dataclass

from django.utils import timezone

from supply.models import Bin, Warehouse
from supply.selectors import warehouse_default

AISLES, SHELVES = "ABCDEF", 8
EARLY = dt.time(12)  # the van of Lyon comes at noon
FRENCH_FEASTS = ((5, 8), (7, 14), (8, 15), (11, 1), (11, 11))
#: Code, name, street, postcode, city, country, whether it sells.
OTHERS = (
    ("lyon", "Lyon", "Rue de la Soie 8", "69002", "Lyon", "FR", True),
    ("studio", "Photo studio", "Torstraße 4", "10119", "Berlin", "DE", False),
)


def _feasts() -> list[dt.date]:
    """The French days on which nothing leaves, of this year and the next."""
    year = timezone.localdate().year
    return [dt.date(y, month, day) for y in (year, year + 1) for month, day in FRENCH_FEASTS]


@dataclass(frozen=True)
class Places:
    """``main`` sends most; ``others`` sell too, and hold a part of what is there in plenty."""

    main: Warehouse
    others: tuple[Warehouse, ...]
    bins: dict[int, list[Bin]]

    @classmethod
    def made(cls) -> "Places":
        main = warehouse_default()
        main.name, main.rank = "Leipzig", 10
        main.line1, main.postcode, main.city = "Messe-Allee 1", "04356", "Leipzig"
        main.save()
        more = [
            Warehouse.objects.create(
                code=code,
                name=name,
                line1=line1,
                postcode=postcode,
                city=city,
                country_id=country,
                is_sellable=sells,
                **({"cut_off": EARLY, "holidays": _feasts()} if sells else {}),
            )
            for code, name, line1, postcode, city, country, sells in OTHERS
        ]
        selling = tuple(one for one in more if one.is_sellable)
        bins = {
            place.pk: Bin.objects.bulk_create(
                Bin(warehouse=place, code=f"{aisle}-{shelf:02}", rank=10 * (row * SHELVES + shelf))
                for row, aisle in enumerate(AISLES)
                for shelf in range(1, SHELVES + 1)
            )
            for place in (main, *selling)
        }
        return cls(main, selling, bins)

    def elsewhere(self, free: int, held: int, rng: random.Random) -> dict[Warehouse, int]:
        """What of the units on hand does not stand in the main warehouse: some, or now and then all."""
        if not self.others or free < 8:
            return {}
        place = rng.choice(self.others)
        share = rng.choices((0, free // 3, free + held), (60, 30, 10))[0]
        return {place: share} if share else {}

    def bin(self, warehouse: Warehouse, rng: random.Random) -> Bin:
        return rng.choice(self.bins[warehouse.pk])
