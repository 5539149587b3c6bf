"""What was decided by figures; `docs/recommendations.md` has them."""

import datetime as dt

HISTORY = dt.timedelta(days=730)  # older orders speak of another assortment
WEIGHING = "cosine"  # how "the same people took it" is weighed
PEOPLE_SHARE = 0.7  # of for-you: the rest is likeness
