"""Whatever a page of the back office does to orders and money is a step with a row in the tables."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getsource, unwrap
from types import ModuleType
from typing import Any

from django.utils.module_loading import import_string

import orders
import payments
import shop.dashboard.orders
from shop.core.steps import Why, tables

SETTING = "a setting: it moves no order and no money"
READS = "reads"
BOX = "of boxes, lists and shelves: the order's own step follows when they leave"
STEPLESS = {
    "orders.carriers.services.claims.claim_proposal": READS,
    "orders.carriers.services.contracts.contract_of": READS,
    "orders.carriers.services.contracts.cost_rates_import": SETTING,
    "orders.carriers.services.manifests.manifest_close": BOX,
    "orders.carriers.services.manifests.manifest_open": BOX,
    "orders.carriers.services.manifests.manifest_scan": BOX,
    "orders.carriers.services.manifests.manifest_take_off": BOX,
    "orders.carriers.services.messages.message_retry": "what the carrier says is the step",
    "orders.carriers.services.messages.messages_process": "what the carrier says is the step",
    "orders.carriers.services.offers.parcel_offers": READS,
    "orders.desk.services.desk_view_drop": "a clerk's own list",
    "orders.desk.services.desk_view_keep": "a clerk's own list",
    "orders.fraud.settings.line_set": SETTING,
    "orders.fraud.settings.rule_set": SETTING,
    "orders.fraud.settings.value_folded": READS,
    "orders.fraud.settings.order_listed": "“note somebody”, for each that an order names",
    "orders.fulfilment.batches.batch_make": "each order of it takes its own step",
    "orders.fulfilment.failing.parcel_take_back": BOX,
    "orders.fulfilment.packing.item_pack": BOX,
    "orders.fulfilment.packing.item_unpack": BOX,
    "orders.fulfilment.troubles.parcel_paid_back": "the refund before it is the step; its exception ends",
    "orders.fulfilment.waves.line_short": BOX,
    "orders.fulfilment.waves.wave_take": BOX,
    "orders.rates.places.point_remove": SETTING,
    "orders.rates.places.zone_add": SETTING,
    "orders.rates.places.zone_change": SETTING,
    "orders.rates.places.zone_remove": SETTING,
    "orders.rates.services.loads_set": SETTING,
    "orders.rates.services.method_change": SETTING,
    "orders.rates.services.points_set": SETTING,
    "orders.rates.services.rate_add": SETTING,
    "orders.rates.services.rate_change": SETTING,
    "orders.rates.services.rate_remove": SETTING,
    "orders.rates.services.rates_load": SETTING,
    "orders.rates.services.rates_replace": SETTING,
    "orders.refunds.services.limit_save": SETTING,
    "orders.refunds.services.refunds_of_request": READS,
    "orders.returns.services.labels.return_label": "a paper for the parcel that comes back",
    "orders.returns.services.policies.policy_delete": SETTING,
    "orders.returns.services.policies.policy_save": SETTING,
    "orders.returns.services.repairing.units_refurbished": BOX,
    "orders.services.unpaid.rest_waiting": READS,
    "orders.services.unpaid.unpaid_of": READS,
    "payments.ledger.services.closing.checks_run": READS,
    "payments.ledger.services.writing_off.write_off_limit_save": SETTING,
    "payments.services.refunds.by_hand": READS,
    "payments.services.refunds.is_by_hand": READS,
    "payments.services.refunds.refunds_of_key": READS,
}


def test_every_service_that_the_desk_calls_is_a_step() -> None:
    stepless = {name: where for name, where in called().items() if name not in named()}

    assert sorted(stepless) == sorted(STEPLESS), stepless


@cache
def named() -> set[str]:
    """The services of all steps, and those that undo them, by where they are written."""
    rows = [step for table in tables() for step in table.steps]
    services = {step.service for step in rows}
    undoing = {step.undo for step in rows if not isinstance(step.undo, Why)}
    return {name_of(import_string(one)) for one in services | undoing}


def called() -> dict[str, str]:
    """By name: what the pages of orders, payments and stored value call of services, and from where."""
    found: dict[str, str] = {}
    for module in pages():
        for one in things_of(module):
            if inspect.isfunction(one) and is_service(one):
                found.setdefault(name_of(one), module.__name__)
    return found


def pages() -> Iterator[ModuleType]:
    tops = (orders, payments, shop.dashboard.orders)
    for top in tops:
        for one in pkgutil.walk_packages(top.__path__, f"{top.__name__}."):
            if ".dashboard." in one.name:
                yield import_module(one.name)


def things_of(module: ModuleType) -> Iterator[Any]:
    """What its code names: by itself, or of a module that it names."""
    for node in ast.walk(ast.parse(getsource(module))):
        if isinstance(node, ast.Name):
            yield getattr(module, node.id, None)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            holder = getattr(module, node.value.id, None)
            if isinstance(holder, ModuleType):
                yield getattr(holder, node.attr, None)


def is_service(function: Any) -> bool:
    """In a room for services, or with a transaction of its own."""
    module = unwrap(function).__module__
    if module.split(".")[0] not in ("orders", "payments") or ".dashboard" in module:
        return False
    is_wrapped = unwrap(function) is not function
    return is_wrapped or ".services" in module or module in OTHER_ROOMS


#: Services that stand beside the rooms.
OTHER_ROOMS = ("orders.fraud.settings",)


def name_of(function: Any) -> str:
    real = unwrap(function)
    return f"{real.__module__}.{real.__name__}"
