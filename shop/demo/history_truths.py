"""What is planted in the demo's history, so that reports can be tested for finding it.

`docs/demo.md` tells the same to people. Days count back from the demo's today.
"""

from dataclasses import dataclass
from hashlib import sha256

from shop.demo.catalogue import Good


@dataclass(frozen=True)
class Pair:
    """Whoever buys ``first`` adds ``second`` with this probability, beyond chance."""

    first: str
    second: str
    attach: float


PAIRS = (
    Pair("evening-teapot", "cloud-mist-loose-tea", 0.45),
    Pair("morning-mug", "chunk-cookies", 0.30),
    Pair("red-box-mooncakes", "paper-lantern", 0.33),
    Pair("blue-yarn", "long-scissors", 0.24),
    Pair("hand-pulled-noodles", "lacquer-chopsticks", 0.36),
    Pair("night-notebook", "dark-chocolate", 0.26),
)


@dataclass(frozen=True)
class Campaign:
    """A mailing with a coupon to half of the members who agreed to mail; the other half is held out.

    ``lift`` multiplies the orders of those written to while it runs; ``redeemed`` is the share of
    their orders in that time that use the coupon, ``discount`` the share of the price it takes off.
    """

    code: str
    name: str
    first_day: int
    last_day: int
    discount: float
    lift: float
    redeemed: float

    def is_treated(self, buyer: int) -> bool:
        """Whether this buyer was written to. A fixed coin per buyer, independent between campaigns."""
        return _coin(buyer, self.code) == 0


WORKS = Campaign("TEA10", "Tea evenings", 124, 111, discount=0.10, lift=2.2, redeemed=0.70)
FAILS = Campaign("FLASH20", "Flash week", 47, 41, discount=0.20, lift=1.0, redeemed=0.60)
CAMPAIGNS = (WORKS, FAILS)


def _coin(buyer: int, salt: str) -> int:
    return sha256(f"{salt}:{buyer}".encode()).digest()[0] & 1


@dataclass(frozen=True)
class StockOut:
    """Goods that could not be bought in these days; a part of the buyers took something like it."""

    goods: frozenset[str]
    first_day: int
    last_day: int
    substituted: float

    def is_out(self, good: Good, days_ago: float) -> bool:
        return good.key in self.goods and self.last_day <= days_ago <= self.first_day


STOCK_OUT = StockOut(
    goods=frozenset(
        {
            "beeswax-candle",
            "leafy-tangerines",
            "olive-soap",
            "peeled-tomatoes",
            "plain-tee",
            "wildflower-honey",
        }
    ),
    first_day=84,
    last_day=63,
    substituted=0.4,
)

# Goods that carry a truth sell steadily, so that there is enough of them to find it.
CARRIERS = STOCK_OUT.goods | {key for pair in PAIRS for key in (pair.first, pair.second)}


@dataclass(frozen=True)
class Bots:
    """A channel in which programs try coupons: one cheap unit at night, hardly ever paid."""

    channel: str
    buyers: int
    share_of_orders: float
    first_day: int
    paid: float


BOTS = Bots("coupon-radar", buyers=40, share_of_orders=0.02, first_day=200, paid=0.04)


@dataclass(frozen=True)
class BadCohort:
    """Everyone who first bought in this month came by a give-away, and nearly nobody came back.

    The month is the calendar month that lies ``days_ago`` before today; ``dropout`` is the chance to
    leave for good after each order.
    """

    days_ago: int
    channel: str
    dropout: float


BAD_COHORT = BadCohort(days_ago=300, channel="giveaway", dropout=0.93)


@dataclass(frozen=True)
class Supplier:
    """Who makes which brands. Lead time in days; ``late`` is the share of deliveries behind the date.

    From ``worse_since`` days ago on, ``late`` and ``late_days`` (mean) are those of a failing supplier;
    before it 6 % are late, by a day or two.
    """

    key: str
    name: str
    country: str
    brands: tuple[str, ...]
    lead_days: int
    late: float = 0.06
    late_days: float = 1.5
    worse_since: int = 0


SUPPLIERS = (
    Supplier(
        "nordlicht",
        "Nordlicht Handels GmbH",
        "DE",
        ("duskline", "nightingale", "washday"),
        14,
        late=0.72,
        late_days=9.0,
        worse_since=180,
    ),
    Supplier("jingde", "Jingde Ceramics Export", "CN", ("kiln", "northpan", "lantern"), 32),
    Supplier("costa", "Costa & Filhos Lda", "PT", ("weft", "pace", "harbour", "finch"), 18),
    Supplier(
        "feldmarkt",
        "Feldmarkt eG",
        "DE",
        ("bough", "oldgate", "crumb", "rivermill", "greenhand"),
        3,
    ),
    Supplier("spring-hill", "Spring Hill Trading", "CN", ("halfway", "sugarmoon"), 24),
    Supplier("setouchi", "Setouchi Works", "JP", ("farfield", "stillwater", "plainwire"), 21),
    Supplier(
        "moravia",
        "Moravia Toys & Tools s.r.o.",
        "CZ",
        ("pocketwood", "gambit", "truebench", "observatory", "overtone"),
        12,
    ),
    Supplier(
        "paperworks", "The Paper Works Ltd", "GB", ("paperboat", "margin", "tidy", "skein"), 9
    ),
    Supplier("outfield", "Outfield Sports BV", "NL", ("ridge", "rally"), 8),
)
LATE_SUPPLIER = SUPPLIERS[0]
