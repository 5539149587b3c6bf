"""Store credit as the target of a refund: it goes to the member who placed the order."""

from django.utils.translation import gettext_lazy as _

from orders.models import Order
from payments.ledger.accounts import STORE_CREDIT
from payments.models import Refund
from payments.wallets.kinds import AS_CREDIT
from payments.wallets.models import EntryReason
from payments.wallets.services import credit_give


class StoreCredit:
    """The gateway keeps the money, the shop owes it to the member."""

    code, label, account = AS_CREDIT, _("Store credit"), STORE_CREDIT

    def takes(self, *, order_number: str) -> bool:
        """A guest has no account that it could stand in."""
        return Order.objects.filter(number=order_number, user__isnull=False).exists()

    def give(self, *, refund: Refund) -> str:
        """The refund's key makes it once. Raises ``DoesNotExist`` if the member is gone."""
        number = refund.intent.order_number
        order = Order.objects.get(number=number, user__isnull=False)
        entry = credit_give(
            owner_id=order.user_id,
            amount=refund.amount,
            currency=refund.intent.currency,
            key=f"refund:{refund.key}",
            note="",
            by=refund.requested_by,
            order_number=number,
            reason=EntryReason.REFUNDED,
        )
        return f"{self.code}-{entry.pk}"
