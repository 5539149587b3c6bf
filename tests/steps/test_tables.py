"""The tables of steps against the code: nothing that may happen is missing, and nothing named is made up."""

import re
from inspect import getsource, unwrap

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.template.loader import get_template
from django.utils.module_loading import import_string
from django.utils.translation import gettext, override, pgettext

from orders.exceptions import ImpossibleStep
from orders.fulfilment.consigning import consignment_move
from orders.fulfilment.models import Consignment
from payments.services import intent_capture
from shop.core.events import Event
from shop.core.office import declared
from shop.core.outbox import relay
from shop.core.steps import Step, Table, Why, tables
from tests.sales import intent_of, order_of
from tests.test_permissions import addresses

TABLES = tables()
STEPS = [(table.name, step) for table in TABLES for step in table.steps]
#: The modules in which a table of legal next states stands that people's steps follow.
KNOWN = {
    "Orders: states": "orders.states.NEXT",
    "Fulfilment: consignments": "orders.fulfilment.models.CONSIGNMENT_NEXT",
    "Fulfilment: parcels and their labels": "orders.carriers.states.NEXT",
    "Fulfilment: claims from carriers": "orders.carriers.states.CLAIM_NEXT",
    "Returns": "orders.returns.states.NEXT",
    "Orders: what is added": "orders.additions.models.ADDITION_NEXT",
    "Payments: intents": "payments.models.NEXT",
    "Payments: taken in parts": "payments.models.CAPTURE_NEXT",
    "Payments: refunds": "payments.models.REFUND_NEXT",
    "Refunds that the team asks for": "orders.refunds.models.REQUEST_NEXT",
    "Stored value: states": "payments.wallets.models.WALLET_NEXT",
    "Orders taken by the team: states": "orders.drafts.models.NEXT",
    "Fraud checks": "orders.fraud.models.NEXT",
    "Transfers between warehouses": "supply.models.transfers.TRANSFER_NEXT",
}


def each(rows: list[tuple[str, Step]] = STEPS):
    return pytest.mark.parametrize("step", [pytest.param(s, id=f"{t}: {s.name}") for t, s in rows])


def words(line: str) -> str:
    context, _bar, msgid = line.rpartition("|")
    return pgettext(context, msgid) if context else gettext(msgid)


def test_the_tables_are_those_that_the_code_asks() -> None:
    with_states = {table.name: table.next for table in TABLES if table.next is not None}

    assert with_states == {name: import_string(there) for name, there in KNOWN.items()}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_pair_of_states_has_one_step_and_no_step_leads_elsewhere(table: Table) -> None:
    moves = [(str(one), str(then)) for step in table.steps for one, then in step.moves]
    names = [step.name for step in table.steps]

    assert len(moves) == len(set(moves))
    assert len(names) == len(set(names))
    if table.next is not None:
        assert {move for move in moves if move[0]} == table.edges
        assert [then for one, then in moves if not one] == [str(next(iter(table.next)))]


@each()
def test_what_a_step_names_exists(step: Step) -> None:
    assert callable(import_string(step.service))
    if not isinstance(step.undo, Why):
        assert callable(import_string(step.undo))
    if not isinstance(step.event, Why):
        assert issubclass(step.event, Event)
    for kind in () if isinstance(step.mail, Why) else step.mail:
        for suffix in ("subject.txt", "txt", "html"):
            get_template(f"mails/{kind}.{suffix}")
    for word in (step.does, step.address, step.undo, step.mail, step.line):
        assert word


@each([row for row in STEPS if not isinstance(row[1].address, Why)])
@pytest.mark.django_db
def test_its_address_asks_for_a_permission_and_takes_the_step(step: Step) -> None:
    pattern = next(one for one in addresses() if one.name == step.address)
    there = {
        f"{app}.{code}"
        for app, code in Permission.objects.values_list("content_type__app_label", "codename")
    }

    assert step.permissions
    assert set(step.permissions) <= there
    assert declared[step.address].change == step.permissions
    module = getsource(__import__(unwrap(pattern.callback).__module__, fromlist=["_"]))
    assert step.service.rpartition(".")[2] in module


@each([row for row in STEPS if not isinstance(row[1].line, Why)])
def test_its_line_is_said_in_chinese(step: Step) -> None:
    with override("zh-hans"):
        said = words(step.line)

    assert re.search(r"[\u4e00-\u9fff]", said), step.line
    assert sorted(re.findall(r"%\(\w+\)s", said)) == sorted(re.findall(r"%\(\w+\)s", step.line))


@pytest.mark.django_db
def test_a_consignment_takes_no_step_that_its_table_does_not_know() -> None:
    order = order_of()
    intent_capture(intent=intent_of(order))
    relay()
    consignment = order.consignments.get()

    assert consignment_move(consignment, "routed") is False
    for state in ("picked", "nowhere"):
        with pytest.raises(ImpossibleStep):
            consignment_move(consignment, state)
    assert consignment_move(consignment, "void") is True
    assert (Consignment.objects.get().state, consignment.ended_at is None) == ("void", False)
    with pytest.raises(ImpossibleStep):
        consignment_move(consignment, "routed")


def test_the_page_is_up_to_date() -> None:
    call_command("steps", check=True)
