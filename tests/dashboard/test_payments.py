"""Money in the back office: what went wrong is shown, and tried again exactly once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Order
from payments.exceptions import ImpossibleStep
from payments.models import PaymentIntent, Refund, RefundState
from payments.services import intent_capture, refund_request
from payments.services.problems import problem_clear, refund_again
from shop.core.outbox import relay
from tests.factories import UserFactory
from tests.sales import intent_of, order_of, refunds_finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused() -> Refund:
    """A refund that the provider refused: its amount is free again."""
    intent = _captured()
    return Refund.objects.create(
        intent=intent, key="first", amount=3, reason="late", state=RefundState.REFUSED
    )


def _captured() -> PaymentIntent:
    intent = intent_capture(intent=intent_of(order_of()))
    relay()
    return intent


def test_a_refused_refund_is_tried_again_as_one_new_refund(office, refused) -> None:
    finance = office("Finance")
    address = reverse("dashboard:refund-retry", kwargs={"pk": refused.pk})

    finance.post(address)
    finance.post(address)

    assert Refund.objects.count() == 2
    again = Refund.objects.exclude(pk=refused.pk).get()
    assert (again.amount, again.state) == (Decimal(3), RefundState.PENDING)  # a transfer's
    refunds_finish()
    again.refresh_from_db()
    assert again.state == RefundState.DONE
    refused.intent.refresh_from_db()
    assert refused.intent.amount_refunded == 3


def test_a_refund_that_was_not_refused_is_not_repeated() -> None:
    refund = refund_request(intent=_captured(), amount=Decimal(1), reason="x", key="k")

    with pytest.raises(ImpossibleStep):
        refund_again(refund=refund, user=UserFactory())


def test_a_pending_refund_of_a_transfer_waits_for_whoever_sends_it(office) -> None:
    refund = refund_request(intent=_captured(), amount=Decimal(1), reason="x", key="k")

    office("Finance").post(reverse("dashboard:refund-retry", kwargs={"pk": refund.pk}))

    refund.refresh_from_db()
    assert refund.state == RefundState.PENDING
    refunds_finish()
    refund.refresh_from_db()
    assert refund.state == RefundState.DONE


def test_a_problem_is_listed_until_somebody_has_settled_it(office) -> None:
    intent = _captured()
    PaymentIntent.objects.filter(pk=intent.pk).update(problem="asked 5 EUR, provider has 4 EUR")
    finance, problems = office("Finance"), reverse("dashboard:payment-list") + "?view=problems"
    assert finance.get(problems).context["page_obj"].object_list

    finance.post(reverse("dashboard:payment-settle", kwargs={"pk": intent.pk}))

    assert not finance.get(problems).context["page_obj"].object_list
    assert problem_clear(intent=intent, user=UserFactory()) is False


def test_lists_take_as_many_queries_with_many_rows(office) -> None:
    finance = office("Finance")
    addresses = [
        reverse(f"dashboard:{name}") + "?view=all"
        for name in ("payment-list", "refund-list", "webhook-list")
    ]

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert finance.get(address).status_code == 200
            counts.append(len(seen))
        return counts

    def more(number: int) -> None:
        for _ in range(number):
            intent = _captured()
            refund_request(intent=intent, amount=Decimal(1), reason="x", key=str(intent.key))

    more(1)
    queries()
    few = queries()
    more(4)

    assert queries() == few


def test_a_payment_is_found_by_its_order(office) -> None:
    order, _other = order_of(), order_of()

    page = office("Finance").get(reverse("dashboard:payment-list"), {"q": order.number})

    assert [intent.order_number for intent in page.context["page_obj"]] == [order.number]
    assert Order.objects.count() == 2
