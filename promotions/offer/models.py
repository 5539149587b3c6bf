"""Oscar's offers, with caps that hold when many buy at once."""

from django.db.models import F, Q
from oscar.apps.offer.abstract_models import AbstractConditionalOffer

from promotions.exceptions import OfferExhausted


class ConditionalOffer(AbstractConditionalOffer):
    class Meta(AbstractConditionalOffer.Meta):
        abstract = False

    def record_usage(self, discount: dict) -> None:
        """Count one use, in one conditional update. Raises ``OfferExhausted`` at the cap."""
        uses = F("num_applications") + discount["freq"]
        within = Q(max_global_applications__isnull=True) | Q(max_global_applications__gte=uses)
        counted = (
            type(self)
            .objects.filter(within, pk=self.pk)
            .update(
                num_applications=uses,
                total_discount=F("total_discount") + discount["discount"],
                num_orders=F("num_orders") + 1,
            )
        )
        if not counted:
            raise OfferExhausted(self.name)


from oscar.apps.offer.models import *  # noqa: E402,F403
