"""Every mail that the shop has, in Chinese: its subject, its text and its page, with no English left."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from shop.core.models import Mail
from shop.core.outbox import relay
from tests import sales
from tests.carriers.conftest import outside  # noqa: F401  a fixture
from tests.factories import CountryFactory
from tests.mails.makers import MAKERS
from tests.steps.scenes import Stage
from tests.steps.test_walks import _files_of_their_own  # noqa: F401  a fixture
from tests.test_chinese_pages import english_in

pytestmark = pytest.mark.django_db

HAN = re.compile(r"[\u4e00-\u9fff]")
#: What people of the scenes typed, and what their things are called.
TYPED = re.compile(
    r"Things?\ \d+|Tea\ cup|Mug|Pot|Which\ colour\?|Worn|Empty\ box|It\ comes\ tomorrow\."
    r"|Mei\ Lin|Mei|Lin|Torstra(?:ß|ss)e|Berlin|JJD7|Sorry|a\ “chart”\.pdf|Speicherstadt\ 12|Hamburg"
    r"|[PS]W[ULXDR]N[0-9A-F]{12}|[0-9a-f]{20,64}|Demo|raspberry|sage|red|blue|green",
    re.VERBOSE,
)
#: Never in a mail: what a template or a value left behind, and dates and sums as machines write them.
LEFT_BEHIND = re.compile(
    r"\bNone\b|\{\{|\{%|%\(\w+\)|\bnull\b|\bTrue\b|\bFalse\b|Decimal\(|\b20\d\d-\d\d-\d\d\b|\d\.\d{3,}"
)
SUM = re.compile(r"€\s?([\d.,]+\d)")


def kinds() -> set[str]:
    folder = Path(settings.BASE_DIR) / "templates" / "mails"
    return {file.name.removesuffix(".subject.txt") for file in folder.glob("*.subject.txt")}


def test_every_kind_of_mail_is_looked_at() -> None:
    assert {kind for kind, _what in MAKERS} == kinds()


@pytest.mark.parametrize("key", MAKERS, ids=lambda key: " ".join(filter(None, key)))
def test_a_mail_is_chinese_from_its_subject_to_its_foot(key, request, monkeypatch) -> None:
    monkeypatch.setattr(sales, "LANGUAGE", "zh-hans")
    CountryFactory()

    MAKERS[key](Stage(request))
    for _round in range(3):
        relay()

    mails = list(Mail.objects.filter(kind=key[0]))
    assert mails
    for mail in mails:
        assert mail.language == "zh-hans"
        for part in (mail.subject, mail.text, mail.html):
            assert HAN.search(part)
            said = re.sub(r"https?://\S+", "", part)
            assert not LEFT_BEHIND.search(said), LEFT_BEHIND.search(said)
            for amount in SUM.findall(said):
                assert re.fullmatch(r"\d{1,3}(,\d{3})*\.\d\d", amount), amount
        assert english_in(f"<p>{mail.subject}</p>{mail.html}<pre>{mail.text}</pre>", TYPED) == []


def test_the_words_of_a_scene_are_not_chinese_by_chance(request) -> None:
    """The control: the same mail in English is found to be English."""
    MAKERS["order_paid", "pay"](Stage(request))
    relay()

    mail = Mail.objects.get(kind="order_paid")
    assert mail.language == "en"
    assert english_in(f"<p>{mail.subject}</p>{mail.html}", TYPED)
