"""Changing what an operator decides about search. The next search follows, see `search.handlers`."""

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog.search.dashboard.selectors import synonym_leading_back
from catalog.search.models import RankingWeights, SearchRedirect, SynonymGroup
from catalog.search.rules import Weights


@transaction.atomic
def synonym_save(*, group: SynonymGroup) -> SynonymGroup:
    """Write a new or changed group. Raises ``ValidationError`` for one that means nothing."""
    group.full_clean()
    if group.is_active and (other := synonym_leading_back(group=group)):
        raise ValidationError(
            _(
                "“%(other)s” leads back to “%(word)s”. If both find each other, make one group"
                " of words that mean the same."
            )
            % {"other": other.source, "word": group.source}
        )
    group.save()
    return group


@transaction.atomic
def redirect_save(*, redirect: SearchRedirect) -> SearchRedirect:
    """Write a new or changed redirect. Raises ``ValidationError``, also if somebody was faster."""
    redirect.full_clean()
    try:
        with transaction.atomic():
            redirect.save()
    except IntegrityError as error:
        raise ValidationError({"query": _("This query leads somewhere already.")}) from error
    return redirect


@transaction.atomic
def weights_save(*, weights: Weights) -> None:
    """Rank with ``weights`` from now on. Raises ``ValidationError`` outside of 0 to 10."""
    row = RankingWeights(pk=1, **asdict(weights))
    row.clean_fields()
    row.save()
