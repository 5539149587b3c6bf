"""What search follows: changes of products, of what they stand in, and of the operator's rules."""

from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from catalog.refresh import refresher_register
from catalog.search.models import RankingWeights, SearchRedirect, SynonymGroup
from catalog.search.rules import rules_forget
from catalog.search.services import documents_refresh


def families_changed(ids: list[int]) -> None:
    """In the transaction of the change, after prices (10) and list facets (20)."""
    documents_refresh(ids=ids)


refresher_register("search", families_changed, order=30)


@receiver([post_save, post_delete], sender=SynonymGroup, dispatch_uid="search.synonyms")
@receiver([post_save, post_delete], sender=SearchRedirect, dispatch_uid="search.redirects")
@receiver([post_save, post_delete], sender=RankingWeights, dispatch_uid="search.weights")
def on_rule_changed(**kwargs: object) -> None:
    """The next search follows."""
    transaction.on_commit(partial(rules_forget))
