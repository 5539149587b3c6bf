"""Words out of texts and queries: what is the same to a shopper is the same here."""

import pytest

from catalog.search.analysis import (
    code_fold,
    distance,
    document_tokens,
    fold,
    initials_of,
    name_words,
    phrase_fold,
    pinyin_split,
    sound_of,
    text_of_html,
    title_head,
)
from catalog.search.query import query_parse

pytestmark = pytest.mark.req("S1.07")


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Café CRÈME", "cafe creme"),
        ("Straße", "strasse"),
        ("ＬＯＷ－ＫＥＹ", "low-key"),
        ("Ferryman’s", "ferrymans"),
        ("藍芽耳機", "蓝芽耳机"),
        ("麵條 № 5", "面条 no 5"),
        ("a\x00b", "a b"),
    ],
)
def test_case_accents_width_and_script_do_not_matter(typed: str, folded: str):
    assert fold(typed) == folded


def test_a_phrase_is_its_words_with_one_space_between():
    assert phrase_fold("  Over-ear   HEADPHONES! (耳機) ") == "over ear headphones 耳机"
    assert phrase_fold("… & | ! 🎧 '") == ""


def test_chinese_gives_pairs_and_names_give_single_characters_too():
    assert document_tokens("蓝牙耳机", is_name=False) == ("", "蓝牙 牙耳 耳机")
    words, tokens = document_tokens("T恤", is_name=True)
    assert (words, tokens) == ("t", "恤")
    assert set(document_tokens("耳机", is_name=True)[1].split()) == {"耳机", "耳", "机"}


def test_pinyin_and_initials():
    assert (sound_of("手机"), initials_of("手机")) == ("shouji", "sj")
    assert pinyin_split("toudaishierji") == ["tou", "dai", "shi", "er", "ji"]
    assert pinyin_split("headphones") == []


def test_vocabulary_holds_words_and_their_neighbours():
    latin, chinese = name_words("Hush 头戴式耳机 13")
    assert latin == {"hush"}
    assert {"耳机", "头戴式"} <= chinese


def test_the_head_of_a_title_is_what_the_thing_is():
    assert title_head("Lotus seed mooncakes in a red box") == "mooncakes"
    assert title_head("Bruno the bear") == "bear"
    assert title_head("静屿头戴式耳机") == "耳机"
    assert title_head("…") == ""


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("headpones", "headphones", 1),
        ("lpatop", "laptop", 1),
        ("lamp", "lamp", 0),
        ("lamp", "desk", 3),
    ],
)
def test_slips_between_words_are_counted(one: str, other: str, slips: int):
    assert distance(one, other, at_most=2) == slips


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" low-key-ink ", "LOW-KEY-INK"),
        ("4 006381 333931", "4006381333931"),
        ("ＡＢ１２", "AB12"),
        ("red shoes", ""),
        ("x", ""),
        ("耳机", ""),
    ],
)
def test_codes_are_read_as_printed(text: str, code: str):
    assert code_fold(text) == code


def test_html_is_not_searched():
    assert text_of_html("<p class='steel'>Wool &amp; felt</p>").split() == ["Wool", "&", "felt"]


def test_a_query_becomes_groups_with_their_synonyms():
    synonyms = {"cell phone": ("mobile",), "西红柿": ("番茄",)}

    query = query_parse("Cell  phone 西紅柿酱", synonyms=synonyms)

    assert [group.terms for group in query.groups] == [
        ("cell phone", "mobile"),
        ("西红柿", "番茄"),
        ("酱",),
    ]


def test_a_long_query_is_cut():
    assert len(query_parse("word " * 10_000, synonyms={}).groups) == 1
    distinct = " ".join(f"w{number}" for number in range(10_000))
    assert len(query_parse(distinct, synonyms={}).groups) == 10
