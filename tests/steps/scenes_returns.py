"""Steps of returns and complaints."""

from uuid import uuid4

from orders.models import Order
from orders.returns import services
from orders.returns.amounts import proposal_of
from orders.returns.models import Complaint, Return
from orders.returns.services import Found
from tests import sales
from tests.factories import UserFactory
from tests.orders.returns.support import arrived, asked, inspected
from tests.orders.returns.test_exchange import by_card, family, looked_at, wished
from tests.orders.returns.test_repairs import to_repair
from tests.steps.scenes import Stage, fresh, scene

RETURNS, COMPLAINTS = "Returns", "Complaints"


def approved() -> Return:
    back = asked(arrived())
    services.return_approve(back=back, user=None)
    return Return.objects.get(pk=back.pk)


def _step(name: str, before, do) -> None:
    @scene(RETURNS, name)
    def moved(_stage: Stage):
        back = before()
        yield fresh(back.order)
        do(Return.objects.get(pk=back.pk))


@scene(RETURNS, "ask")
def ask(_stage: Stage):
    order = arrived()
    yield order
    asked(order)


def received() -> Return:
    back = approved()
    services.return_receive(back=back, user=None)
    return back


def repairing() -> Return:
    back = to_repair(arrived())
    services.return_repair(back=back, user=None)
    return back


def looked_through(back: Return) -> None:
    found = {line.pk: Found(restock=line.quantity) for line in back.lines.all()}
    services.return_inspect(back=back, found=found, user=None)


def refunded(back: Return) -> None:
    boss = UserFactory(is_superuser=True)
    services.return_refund(back=back, amount=proposal_of(back).total, user=boss)


_step(
    "approve",
    lambda: asked(arrived()),
    lambda back: services.return_approve(back=back, user=None),
)
_step(
    "refuse",
    lambda: asked(arrived()),
    lambda back: services.return_refuse(back=back, because="Worn", user=None),
)
_step("cancel", approved, lambda back: services.return_cancel(back=back))
_step("send", approved, lambda back: services.return_send(back=back, carrier="DHL"))
_step("receive", approved, lambda back: services.return_receive(back=back, user=None))
_step("inspect", received, looked_through)
_step(
    "repair",
    lambda: to_repair(arrived()),
    lambda back: services.return_repair(back=back, user=None),
)
_step(
    "mend",
    repairing,
    lambda back: services.return_repaired(
        back=back, carrier="DHL", tracking_number="JJD7", user=None
    ),
)
_step("refund", lambda: inspected(arrived()), refunded)
_step(
    "close",
    lambda: inspected(arrived()),
    lambda back: services.return_close(back=back, user=None, note="Empty box"),
)


@scene(RETURNS, "exchange")
def exchange(stage: Stage):
    red, blue, _green = family()
    back = looked_at(wished(by_card(stage.provider, red), blue))
    yield fresh(back.order)
    services.return_exchange(back=back, user=None)


def complain(order: Order) -> Complaint:
    return services.complaint_make(
        order=order,
        kind="missing",
        wish="money",
        key=uuid4(),
        language=sales.LANGUAGE,
        units={order.lines.get().pk: 1},
    )


@scene(COMPLAINTS, "complain")
def complained(_stage: Stage):
    order = arrived()
    yield order
    complain(order)


@scene(COMPLAINTS, "put right")
def put_right(_stage: Stage):
    order = arrived()
    complaint = complain(order)
    yield fresh(order)
    services.complaint_close(complaint=complaint, remedy="words", answer="It comes tomorrow.")


@scene(COMPLAINTS, "send again")
def send_again(stage: Stage):
    from tests.steps.scenes_goods import handed, tells

    label = handed(stage)
    tells(stage, label, "lost", 4)
    yield fresh(label.order)
    services.parcel_again(parcel=label.shipment, user=None)
