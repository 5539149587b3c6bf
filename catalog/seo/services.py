"""Writing rules."""

from django.db import transaction

from catalog.seo.models import PageRule


@transaction.atomic
def rule_save(rule: PageRule) -> PageRule:
    """Every page of the kind follows at once, see `seo.handlers`."""
    rule.save()
    return rule


@transaction.atomic
def rule_reset(*, kind: str) -> bool:
    """Back to the usual rule. False if there was no other."""
    rule = PageRule.objects.filter(kind=kind).first()
    if rule is None:
        return False
    rule.delete()
    return True
