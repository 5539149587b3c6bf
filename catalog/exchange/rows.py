"""One rate on its way into the table."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class RateRow:
    """``rate`` units of ``currency`` for one of the shop's own, on ``day``."""

    day: dt.date
    currency: str
    rate: Decimal
