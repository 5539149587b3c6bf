"""The list of risks by the clock, and a word to the owners where something is not in order."""

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from crm.accounts.models import User
from shop.core.audit.models import RiskRun, RiskState, Seal
from shop.core.audit.services import anchor_make, entries_seal
from shop.core.mail import mail_queue
from shop.dashboard.audit.risks import RISKS, risks_run

SLOW_SECONDS = 1800  # all books of a large shop are read


@shared_task(time_limit=SLOW_SECONDS, soft_time_limit=SLOW_SECONDS - 60)
def risks_check() -> int:
    """Nightly. The mail also carries the end of the audit chain out of the house."""
    entries_seal()
    anchor_make()
    return owners_tell(risks_run())


@transaction.atomic
def owners_tell(run: RiskRun) -> int:
    """One mail a day to each owner, if there is something to mend or look at; how many."""
    results = {one.code: one for one in run.results.exclude(state=RiskState.GOOD)}
    if not results:
        return 0
    last = Seal.objects.order_by("-number").first()
    owners = list(User.objects.filter(is_superuser=True, is_staff=True, is_active=True))
    for owner in owners:
        language = owner.language or settings.LANGUAGE_CODE
        with translation.override(language):
            risks = [
                {"question": str(risk.question), "number": results[risk.code].number}
                for risk in RISKS
                if risk.code in results
            ]
            url = settings.PUBLIC_URL + reverse("dashboard:risk-list")
        mail_queue(
            key=f"risks:{timezone.localdate():%Y-%m-%d}:{owner.pk}",
            kind="office_risks",
            to=owner.email,
            language=language,
            context={
                "risks": risks,
                "url": url,
                "anchor": f"{last.number} {bytes(last.digest).hex()}" if last else "",
            },
        )
    return len(owners)
