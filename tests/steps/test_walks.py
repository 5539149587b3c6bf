"""Each step of the tables is taken once: its event, its mail and its line in the timeline come, in both languages."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.utils.translation import gettext, override

from orders.life.timeline import order_timeline
from orders.models import Order
from shop.core.models import Mail, OutboxEvent
from shop.core.outbox import relay
from shop.core.steps import Step, Why, tables
from tests.carriers.conftest import outside  # noqa: F401  a fixture
from tests.steps import (
    scenes_beside,  # noqa: F401
    scenes_goods,  # noqa: F401  they register their scenes
    scenes_money,  # noqa: F401
    scenes_orders,  # noqa: F401
    scenes_payments,  # noqa: F401
    scenes_returns,  # noqa: F401
    scenes_wallets,  # noqa: F401
)
from tests.steps.scenes import SCENES, Stage

pytestmark = pytest.mark.django_db

STEPS = {(table.name, step.name): step for table in tables() for step in table.steps}


def said(order: Order | None, language: str) -> Counter[str]:
    """Titles and notes of its timeline as a clerk reads it."""
    if order is None:
        return Counter()
    with override(language):
        moments = order_timeline(Order.objects.get(pk=order.pk))
    return Counter(text for one in moments for text in (one.title, *one.note.splitlines()))


def lines_of(step: Step, language: str) -> Iterator[re.Pattern[str]]:
    with override(language):
        words = gettext(step.line)
    yield re.compile("^" + re.sub(r"%\\?\(\w+\\?\)s", ".+", re.escape(words)))


def newest(model) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def test_every_step_has_a_scene_and_every_scene_a_step() -> None:
    assert SCENES.keys() == STEPS.keys()


@pytest.mark.parametrize("key", STEPS, ids=": ".join)
def test_a_step_is_told_as_its_table_says(key, request) -> None:
    step, playing = STEPS[key], SCENES[key](Stage(request))
    order = next(playing)
    relay()
    events, mails = newest(OutboxEvent), newest(Mail)
    before = {language: said(order, language) for language in ("en", "zh-hans")}

    try:
        next(playing)
    except StopIteration as end:
        order = end.value or order
    for _round in range(3):
        relay()

    assert order is not None or isinstance(step.line, Why)
    told = set(OutboxEvent.objects.filter(pk__gt=events).values_list("name", flat=True))
    sent = set(Mail.objects.filter(pk__gt=mails).values_list("kind", flat=True))
    if not isinstance(step.event, Why):
        assert step.event.name in told
    if isinstance(step.mail, Why):
        assert not sent or step.mail.startswith("the order's own mail")
    else:
        assert sent & set(step.mail), sent
    if not isinstance(step.line, Why):
        for language, was in before.items():
            new = said(order, language) - was
            pattern = next(lines_of(step, language))
            assert any(pattern.match(text) for text in new), (pattern.pattern, new)
