"""Held-out orders: what may be learned from, what is asked, and how it is counted."""

import datetime as dt

from catalog.recommend.evaluation import Case, figure_make, split_make
from catalog.recommend.history import Purchase
from catalog.recommend.likeness import Described, likenesses_find
from catalog.recommend.neighbours import WEIGHINGS, blended, neighbours_find

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def order(buyer: str, days: int, *families: int) -> Purchase:
    return Purchase(buyer=buyer, at=NOW - dt.timedelta(days=days), families=set(families))


def test_the_last_order_is_held_out_and_nothing_after_the_cut_is_learned():
    split = split_make(
        [
            order("ann", 200, 1),
            order("bob", 150, 1, 2),
            order("ann", 30, 2, 9),
            order("ann", 10, 1, 3),
            order("eve", 0, 4),
        ]
    )

    assert [one.buyer for one in split.train] == ["ann", "bob"]
    assert split.cases == [Case(buyer="ann", history=[1], wanted={3})]


def test_recall_is_the_share_of_what_was_wanted():
    cases = [Case("ann", [1], {2, 3}), Case("bob", [1], {9})]

    figure = figure_make("two", lambda: lambda buyer, history: [2, 5], cases, at=1)

    assert (figure.recall, figure.hits) == (0.25, 0.5)


def test_neighbours_are_what_the_same_people_take():
    histories = [[1, 2], [1, 2], [1, 2], [3, 1]]

    found = neighbours_find(histories, weighing=WEIGHINGS["counted"])

    assert found[1] == [(2, 0.75), (3, 0.25)]
    assert found[2] == [(1, 1.0)]


def test_a_family_that_nobody_bought_has_the_neighbours_of_its_content():
    mixed = blended({1: [(2, 4.0)]}, {1: [(3, 0.5)], 9: [(1, 0.2)]}, share=0.7)

    assert mixed[1] == [(2, 0.7), (3, 0.3)] or [pk for pk, _ in mixed[1]] == [2, 3]
    assert [pk for pk, _ in mixed[9]] == [1]


def test_likeness_knows_words_in_both_languages_facts_shelf_and_price():
    families = [
        Described(1, "Blue teapot 蓝色茶壶", "Pours tea", frozenset({"a=1"}), ("00010001",)),
        Described(2, "Green teapot 绿色茶壶", "Pours tea", frozenset({"a=1"}), ("00010001",)),
        Described(3, "Garden spade 铲子", "Digs holes", frozenset({"a=2"}), ("0002",)),
        Described(4, "Garden rake 耙子", "Digs no holes", frozenset({"a=2"}), ("0002",)),
    ]

    found = likenesses_find(families, step=4)

    assert found[1][0][0] == 2
    assert found[3][0][0] == 4
    assert all(0 <= one.score <= 1 for others in found.values() for _pk, one in others)
