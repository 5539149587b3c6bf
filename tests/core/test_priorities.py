"""Nothing that moves money waits behind pictures."""

import pytest
from kombu.transport.redis import Channel

from shop.celery import app
from shop.core.tasks import FIRST

pytestmark = pytest.mark.req("S5.16")

MONEY = {
    "orders.tasks.orders_expire",
    "payments.tasks.intents_reconcile",
    "payments.tasks.refunds_resume",
    "payments.tasks.webhooks_process",
    "shop.core.tasks.outbox_relay",
}


def test_money_is_taken_from_the_queue_before_everything_else():
    app.loader.import_default_modules()
    steps = {name: task.priority for name, task in app.tasks.items()}

    assert {name for name, step in steps.items() if step == FIRST} == MONEY
    others = {step for name, step in steps.items() if name not in MONEY}
    assert others == {app.conf.task_default_priority}
    asked = Channel.priority_steps  # the order in which a worker asks Redis for its queues
    assert asked.index(FIRST) < asked.index(app.conf.task_default_priority)
