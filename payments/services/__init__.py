"""Everything that changes money. Services own their transaction and never hold a lock while a
provider is called: decide and commit, call, then apply the answer under a lock again."""

from payments.services.captures import capture_again, capture_request, capture_send, captures_send
from payments.services.intents import (
    intent_apply,
    intent_ask,
    intent_cancel,
    intent_cancel_request,
    intent_capture,
    intent_is_over,
    intent_move,
    intent_refresh,
)
from payments.services.lowering import intent_lower, intent_raise, is_lowerable
from payments.services.opening import intent_create, intent_new, intent_open
from payments.services.passing import refund_pass
from payments.services.reconciling import intents_reconcile
from payments.services.refunds import (
    by_hand,
    is_by_hand,
    refund_request,
    refund_send,
    refund_sent,
    refund_unsent,
    refunds_of_key,
    refunds_request,
    refunds_resume,
    stored_refunds_send,
)
from payments.services.replacing import intent_replace
from payments.services.webhooks import webhook_receive, webhooks_process

__all__ = [
    "by_hand",
    "capture_again",
    "capture_request",
    "capture_send",
    "captures_send",
    "intent_apply",
    "intent_ask",
    "intent_cancel",
    "intent_cancel_request",
    "intent_capture",
    "intent_create",
    "intent_is_over",
    "intent_lower",
    "intent_move",
    "intent_new",
    "intent_open",
    "intent_raise",
    "intent_refresh",
    "intent_replace",
    "intents_reconcile",
    "is_by_hand",
    "is_lowerable",
    "refund_pass",
    "refund_request",
    "refund_send",
    "refund_sent",
    "refund_unsent",
    "refunds_of_key",
    "refunds_request",
    "refunds_resume",
    "stored_refunds_send",
    "webhook_receive",
    "webhooks_process",
]
