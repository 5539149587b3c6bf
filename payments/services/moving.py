"""The states of refunds and captures: what may follow what stands beside them in `payments.models`."""

from django.utils import timezone

from payments.exceptions import ImpossibleStep
from payments.models import (
    CAPTURE_NEXT,
    REFUND_NEXT,
    Capture,
    CaptureState,
    Refund,
    RefundState,
)


def refund_move(refund: Refund, state: RefundState) -> None:
    """Under its payment's lock; the caller saves. Raises ``ImpossibleStep`` for what cannot follow."""
    if state not in REFUND_NEXT[refund.state]:
        raise ImpossibleStep(f"refund {refund.pk} is {refund.state}, it cannot become {state}")
    refund.state = state
    refund.settled_at = None if state == RefundState.PENDING else timezone.now()


def capture_move(capture: Capture, state: CaptureState) -> None:
    """Under its payment's lock; the caller saves. Raises ``ImpossibleStep`` for what cannot follow."""
    if state not in CAPTURE_NEXT[capture.state]:
        raise ImpossibleStep(f"capture {capture.pk} is {capture.state}, it cannot become {state}")
    capture.state = state
    capture.settled_at = None if state == CaptureState.PENDING else timezone.now()
