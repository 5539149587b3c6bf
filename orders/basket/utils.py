"""Which units of a line an offer may still take."""

from typing import Any

from oscar.apps.basket import utils as core


class LineDiscountRegistry(core.LineDiscountRegistry):
    """Units that make up a set are in no other offer; the other units of their line are free.

    Oscar's answer is about whole lines: one unit in an exclusive offer bars all of them.
    """

    def available(self, offer: Any = None) -> int:
        sets = {
            pk: self.num_consumed(one)
            for pk, one in self._offers.items()
            if one != offer and one.is_set and self.num_consumed(one)
        }
        if not sets:
            return super().available(offer)
        everything = self._offers
        self._offers = {pk: one for pk, one in everything.items() if pk not in sets}
        try:
            return max(0, super().available(offer) - sum(sets.values()))
        finally:
            self._offers = everything
