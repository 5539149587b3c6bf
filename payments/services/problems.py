"""What finance does about money that went astray."""

import logging

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from payments.exceptions import ImpossibleStep
from payments.locks import intent_lock
from payments.models import PaymentIntent, Refund, RefundState
from payments.services.refunds import refund_request

logger = logging.getLogger(__name__)


@transaction.atomic
def problem_clear(*, intent: PaymentIntent, user: AbstractBaseUser) -> bool:
    """Somebody has looked and it is settled. False if there was nothing to look at."""
    intent = intent_lock(intent.pk)
    if not intent.problem:
        return False
    logger.info("intent %s: user %s settled %r", intent.pk, user.pk, intent.problem)
    intent.problem = ""
    intent.save()
    return True


@transaction.atomic
def problem_note(*, intent: PaymentIntent, text: str) -> None:
    """Leave it to finance: something about this payment needs a look."""
    intent = intent_lock(intent.pk)
    intent.problem = text[:300]
    intent.save()


@transaction.atomic
def refund_again(*, refund: Refund, user: AbstractBaseUser) -> Refund:
    """Decide once more to send back what the provider refused; the new row is then to be sent.

    A refused refund is repeated once: asked for again it gives the same new row. Raises
    ``ImpossibleStep`` for one that was not refused, ``RefundTooLarge`` if the money went back
    another way since.
    """
    refund = Refund.objects.select_related("intent").get(pk=refund.pk)
    if refund.state != RefundState.REFUSED:
        raise ImpossibleStep(f"refund {refund.pk} is {refund.state}")
    return refund_request(
        intent=refund.intent,
        amount=refund.amount,
        reason=refund.reason,
        key=f"again-{refund.pk}",
        user=user,
        target=refund.target,
    )
