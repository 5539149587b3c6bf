"""A page in pieces is the page, whichever way it is put together."""

import gzip

import pytest
from django.urls import get_resolver
from django.utils.translation import override

from shop.core.pagecache.gather import Gathered
from shop.core.pagecache.page import (
    HolePart,
    Page,
    Text,
    Token,
    body_make,
    filled_make,
    parts_make,
)
from shop.core.pagecache.spec import Kept, never_kept

FORM = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
MARK = "<!--0f1e2d3c-->"


def page_of(content: str, *holes: str) -> Page:
    gathered = Gathered(mark=MARK, holes=[(name, ()) for name in holes])
    parts = parts_make(content.encode(), gathered)
    return Page("v", 1, 0.0, None, "en", (), (), (), parts)


def shown(page: Page, token: str) -> tuple[str, str]:
    """As it is, and as a browser reads it that takes gzip."""
    plain = page.body.as_plain(token.encode()).decode()
    return plain, gzip.decompress(page.body.as_gzip(token.encode())).decode()


@pytest.mark.parametrize("times", [0, 1, 2, 40])
def test_tokens_are_put_where_they_stood(times):
    before, after = "a" * 64, "Z" * 64
    text = "茶 tea, and tea again " * 50
    content = text.join(FORM.format(before) for _ in range(times)) or text
    page = page_of(content)

    plain, unpacked = shown(page, after)

    assert plain == unpacked == content.replace(before, after)
    assert sum(isinstance(part, Token) for part in page.parts) == times


def test_holes_are_shown_as_a_stranger_sees_them_or_filled():
    content = f"<p>one {MARK}0|two <b>二</b>{MARK} three {MARK}1|{MARK} four two three</p>"
    page = page_of(content, "first", "second")

    plain, unpacked = shown(page, "x" * 64)
    filled = body_make(
        part.name.encode() * 30_000 if isinstance(part, HolePart) else part for part in page.parts
    )

    assert plain == unpacked == "<p>one two <b>二</b> three  four two three</p>"
    expected = f"<p>one {'first' * 30_000} three {'second' * 30_000} four two three</p>"
    assert gzip.decompress(filled.as_gzip(b"")).decode() == expected


def test_a_token_in_a_hole_is_one_too():
    page = page_of(f"a {MARK}0|{FORM.format('b' * 64)}{MARK} c", "form")

    plain, unpacked = shown(page, "d" * 64)

    assert plain == unpacked == f"a {FORM.format('d' * 64)} c"


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_filled_hole_has_its_tokens_cut_out_and_is_compressed_if_it_may_be(is_packed):
    content = FORM.format("b" * 64).join(["<p>tea for 二</p>" * 99] * 3)

    pieces = filled_make(content.encode(), is_packed=is_packed)
    body = body_make(pieces)

    expected = content.replace("b" * 64, "d" * 64)
    assert gzip.decompress(body.as_gzip(b"d" * 64)).decode() == expected
    assert sum(isinstance(piece, Token) for piece in pieces) == 2
    assert (len(body.as_gzip(b"d" * 64)) < len(content) / 10) is is_packed


def test_what_looks_like_a_token_elsewhere_is_text():
    page = page_of(f'<a href="?next={"a" * 64}">{"a" * 64}</a>')

    assert [type(part) for part in page.parts] == [Text]


def test_compressed_once_it_is_about_as_small_as_compressed_each_time():
    rows = "".join(
        f"<li class='card card--wide'>{FORM.format('c' * 64)}<a class='card__link' href='/p/{n}'>"
        f"<span class='card__name'>Product {n}</span></a><p>{n * 7919 % 10_007} left</p></li>"
        for n in range(99)
    )
    page = page_of(rows)

    ours = len(page.body.as_gzip(b"t" * 64))

    # A stored token takes 69 bytes, and a block begun anew for it some 20.
    assert ours - 99 * (69 + 20) < 1.5 * len(gzip.compress(rows.encode()))


def _views(patterns, before: str = ""):
    for one in patterns:
        path = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from _views(one.url_patterns, path)
        else:
            yield f"/{path}", one.callback


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_said_never_to_be_kept_has_no_page_that_is(language):
    with override(language):
        views = list(_views(get_resolver().url_patterns))
        never = [view for path, view in views if path.startswith(never_kept())]
        others = [view for path, view in views if not path.startswith(never_kept())]

    def is_kept(view) -> bool:
        told = (getattr(one, "kept", None) for one in (view, getattr(view, "view_class", None)))
        return any(isinstance(one, Kept) for one in told)

    assert len(never) > 50
    assert not any(map(is_kept, never))
    assert any(map(is_kept, others))
