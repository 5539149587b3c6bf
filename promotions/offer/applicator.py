"""Oscar's, with the offers of a basket read in a few queries and not in a few for every line."""

from operator import attrgetter
from typing import Any

from oscar.apps.offer import applicator as core

_priority = attrgetter("priority")


class Applicator(core.Applicator):
    def apply(self, basket: Any, user: Any = None, request: Any = None) -> None:
        """Apply what the database says now. For a page, which has a ``request``, everybody's offers may
        be those of a moment ago: placing the order finds out whether they still are.

        ``basket.offers_tried``: all that were asked, those that gave nothing too, but for sets of which
        nothing is in it;
        ``basket.priced_by``: by whose terms.
        """
        from promotions.currency import offers_convert
        from promotions.prepared import (
            asks_places,
            offers_prepare,
            site_offers_firm,
            site_offers_shown,
        )
        from promotions.ranges import places_attach

        own = [
            *self.get_session_offers(request),
            *self.get_basket_offers(basket, user),
            *self.get_user_offers(user),
        ]
        products = [line.product for line in basket.all_lines()]
        if own:
            offers = sorted([*own, *self.get_site_offers()], key=_priority, reverse=True)
            with_paths = offers_prepare(offers)
        else:
            bought = {pk for one in products for pk in (one.pk, one.parent_id)}
            offers = site_offers_firm(bought) if request is None else site_offers_shown(bought)
            with_paths = asks_places(offers)
        offers_convert(offers, basket.strategy.exchange)
        if offers:
            places_attach(products, with_paths=with_paths)
        basket.offers_tried, basket.priced_by = offers, basket.strategy
        self.apply_offers(basket, offers)

    def get_site_offers(self) -> list:
        from promotions.prepared import site_offers_active

        return site_offers_active()

    def get_basket_offers(self, basket: Any, user: Any) -> list:
        """Those of the coupons in the basket that ``user`` may use."""
        from promotions.prepared import offers_loadable

        offers: list = []
        if not basket.id or not user:
            return offers
        for voucher in basket.vouchers.all():
            is_available, _reason = voucher.is_available_to_user(user=user)
            if voucher.is_active() and is_available:
                own = list(offers_loadable(voucher.offers.all()))
                for offer in own:
                    offer.set_voucher(voucher)
                offers += own
        return offers
