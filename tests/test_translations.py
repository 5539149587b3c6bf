"""Both languages are equals: nothing of ours is untranslated, and Chinese pages speak Chinese."""

import ast
import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message

from shop import messages

HAN = re.compile(r"[\u3400-\u9fff]")
# %(name)s, %s and {name}; a doubled percent sign is one to print
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[-+ 0-9.]*[a-z]|%[-+0-9.]*[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
# Names and codes that are the same in both languages
SAME_IN_BOTH = {"SKU", "CSV", "XLSX", "Message-ID"}


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    return messages.catalogue_read()


@pytest.fixture(scope="module")
def source() -> Catalog:
    return messages.words_collect()


def named(catalogue: Catalog) -> dict[tuple, Message]:
    """Messages by id and context, without the header."""
    return {(message.id, message.context): message for message in catalogue if message.id}


def sides(message: Message) -> tuple[str, str]:
    """English beside Chinese; of a plural message the plural, since Chinese has one form."""
    if isinstance(message.id, str):
        return message.id, message.string
    return message.id[-1], message.string[0]


def test_the_catalogue_holds_our_words_and_no_others(source: Catalog, chinese: Catalog) -> None:
    ours, kept = named(source).keys(), named(chinese).keys()

    assert sorted(map(str, ours - kept)) == [], "run `make messages` and translate"
    assert sorted(map(str, kept - ours)) == [], "run `make messages`"


def test_every_message_is_translated(chinese: Catalog) -> None:
    waiting = [m.id for m in named(chinese).values() if not messages.is_translated(m)]

    assert waiting == []


def test_translations_are_chinese(chinese: Catalog) -> None:
    odd = [
        english
        for english, translated in map(sides, named(chinese).values())
        if not HAN.search(translated)
        and english not in SAME_IN_BOTH
        and re.search(r"[A-Za-z]{2}", TAG.sub("", PLACEHOLDER.sub("", english)))
    ]

    assert odd == []


@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_translations_keep_what_is_filled_in(chinese: Catalog, pattern: re.Pattern) -> None:
    different = [
        (english, translated)
        for english, translated in map(sides, named(chinese).values())
        if Counter(pattern.findall(english)) != Counter(pattern.findall(translated))
    ]

    assert different == []


def test_translations_begin_and_end_as_the_source_does(chinese: Catalog) -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    different = [
        (english, translated)
        for english, translated in map(sides, named(chinese).values())
        if edges(english) != edges(translated)
    ]

    assert different == []


def test_chinese_sentences_have_chinese_punctuation(chinese: Catalog) -> None:
    half = re.compile(r"[\u3400-\u9fff][,;:?!()]|[,;:?!()][\u3400-\u9fff]|[\u3400-\u9fff]\.")
    odd = [
        translated
        for _english, translated in map(sides, named(chinese).values())
        if half.search(TAG.sub("", translated))
    ]

    assert odd == []


def test_chinese_and_latin_words_are_set_apart(chinese: Catalog) -> None:
    """A space between Chinese and Latin letters or figures; dates and filled-in days are words."""
    tight = re.compile(r"[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u3400-\u9fff]")
    date = re.compile(r"\d+月\d+日")
    odd = [
        translated
        for _english, translated in map(sides, named(chinese).values())
        if tight.search(TAG.sub("", date.sub("某日", PLACEHOLDER.sub("", translated))))
    ]

    assert odd == []


def test_one_word_for_one_thing(chinese: Catalog) -> None:
    """The words that `docs/glossary-zh.md` chose against."""
    refused = re.compile(r"购物篮|购物袋|您|帐户|帐号|电邮|变体|登陆|缺省")
    odd = [
        translated
        for _english, translated in map(sides, named(chinese).values())
        if refused.search(translated)
    ]

    assert odd == []


def test_no_message_hides_in_an_f_string() -> None:
    """Neither Babel nor gettext looks into the braces of an f-string."""
    hidden = [
        f"{file.relative_to(messages.ROOT)}:{call.lineno}"
        for file in messages.source_files()
        if file.suffix == ".py"
        for text in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in messages.KEYWORDS
        and isinstance(call.args[0], ast.Constant)
    ]

    assert hidden == []


def test_collecting_finds_python_and_templates_alike(tmp_path) -> None:
    python = tmp_path / "words.py"
    python.write_text(
        '_("One")\nngettext("%(n)s cup", "%(n)s cups", n)\npgettext("door", "Open")\n'
    )
    template = tmp_path / "words.html"
    template.write_text(
        '{% load i18n %}\n  <p title="{% translate \'Two\' %}">{% include "x.html" with a=_("Three") %}\n'
        "      {% blocktranslate trimmed count n=n %}\n   {{ n }} lid\n {% plural %}{{ n }} lids"
        "{% endblocktranslate %}</p>"
    )

    words = [
        (message.id, message.context)
        for file in (python, template)
        for message in messages.words_of(file)
    ]

    assert words == [
        ("One", None),
        (("%(n)s cup", "%(n)s cups"), None),
        ("Open", "door"),
        ("Two", None),
        ("Three", None),
        (("%(n)s lid", "%(n)s lids"), None),
    ]
