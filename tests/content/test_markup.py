"""Markdown becomes clean HTML; what its author cannot be trusted with does not come through."""

import pytest

from catalog.content.markup import (
    contents_of,
    goods_in,
    html_made,
    minutes_of,
    names_in,
    plain,
    segments,
)


def test_headings_have_anchors_of_their_own():
    html = html_made("# Wash\n\n## Wash\n\n### 怎么洗\n")

    assert html.count("<h2") == 2
    assert 'id="s-wash"' in html
    assert 'id="s-wash-2"' in html
    assert '<h3 id="s-怎么洗">怎么洗</h3>' in html


@pytest.mark.req("S5.02")
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        '<a href="/" style="color:red" onclick="x()">a</a>',
        "![tracker](https://example.com/x.png)",
        "<!--goods:1-->",
    ],
)
def test_nothing_harmful_comes_through(text):
    html = html_made(text)

    for mark in (
        "<script",
        "<img",
        '<a href="javascript',
        '<a href="data',
        '<a href="/" style',
        "<!--",
    ):
        assert mark not in html
    assert goods_in(html) == []


def test_products_are_marked_where_they_stand():
    text = "Before\n\n[[TEA-1]] [[cup]]\n\nAfter [[CUP]] in a line\n\n[[gone]]\n"

    html = html_made(text, families={"TEA-1": 7, "cup": 9})

    assert names_in(text) == ["TEA-1", "cup", "gone"]
    assert [(one.html.strip(), one.goods) for one in segments(html)] == [
        ("<p>Before</p>", (7, 9)),
        ("<p>After [[CUP]] in a line</p>", ()),
    ]
    assert goods_in(html) == [7, 9]


def test_a_long_text_has_a_table_of_contents():
    long = html_made("## One\n## Two & *more*\n## Three\n## Four\n")

    assert [one.text for one in contents_of(long)] == ["One", "Two & more", "Three", "Four"]
    assert contents_of(html_made("## One\n## Two\n")) == []


def test_reading_takes_as_long_as_the_words_of_either_language():
    assert minutes_of([""]) == 1
    assert minutes_of(["word " * 660]) == 3
    assert minutes_of(["茶" * 1200]) == 3


def test_plain_words_are_escaped_by_whoever_shows_them():
    assert plain('<p>Tea &amp; "cups"</p>') == 'Tea & "cups"'
