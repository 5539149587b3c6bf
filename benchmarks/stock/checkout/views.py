"""Where a project is told to put its payment: one pause, as long as our provider took."""

import os
import time
from typing import Any

from oscar.apps.checkout.views import PaymentDetailsView as OscarsPaymentDetailsView

PAUSE = float(os.environ.get("BENCHMARK_PAYMENT_SECONDS", "0"))


class PaymentDetailsView(OscarsPaymentDetailsView):
    def handle_payment(self, order_number: str, total: Any, **kwargs: Any) -> None:
        time.sleep(PAUSE)
