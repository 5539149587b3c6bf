"""Association rules, by hand."""

import math

import pytest

from catalog.recommend.rules import chance_of, rules_find

TEA, POT, MUG, SOAP = 1, 2, 3, 4
HISTORY = [
    *[[TEA, POT]] * 8,
    *[[TEA]] * 8,
    *[[POT]] * 2,
    *[[SOAP]] * 82,
]


@pytest.mark.req("S4.07")
def test_the_figures_of_a_rule_are_those_of_the_definition():
    rules = {(rule.product, rule.other): rule for rule in rules_find(HISTORY)}

    assert set(rules) == {(POT, TEA), (TEA, POT)}
    rule = rules[POT, TEA]
    assert (rule.both, rule.orders, rule.others, rule.total) == (8, 10, 16, 100)
    assert rule.support == 0.08
    assert rule.confidence == 0.8
    assert rule.lift == 5.0
    assert rule.excess == pytest.approx(0.64)
    assert rules[TEA, POT].confidence == 0.5


def test_the_strongest_beyond_chance_stands_first():
    assert [(rule.product, rule.other) for rule in rules_find(HISTORY)] == [(POT, TEA), (TEA, POT)]


def test_a_pair_seen_too_rarely_is_no_rule():
    assert rules_find([*[[TEA, POT]] * 3, *[[SOAP]] * 97]) == []


def test_what_chance_explains_is_no_rule():
    independent = [*[[TEA, POT]] * 25, *[[TEA]] * 25, *[[POT]] * 25, *[[SOAP]] * 25]

    assert chance_of(25, 50, 50, 100) == 1.0
    assert rules_find(independent) == []


def test_two_that_avoid_each_other_are_no_rule():
    assert rules_find([*[[TEA, POT]] * 4, *[[TEA]] * 50, *[[POT]] * 50]) == []


def test_the_same_product_twice_in_a_basket_counts_once():
    assert rules_find([[TEA, TEA, POT]] * 4 + [[SOAP]] * 96)[0].both == 4


def test_a_huge_basket_says_nothing_about_pairs():
    stock_up = [list(range(100, 150))] * 10

    assert rules_find([*stock_up, *[[SOAP]] * 90]) == []


def test_the_chance_of_a_pair_is_that_of_the_likelihood_ratio():
    # G² = 2 Σ seen ln(seen / expected) over the four cells, one degree of freedom.
    cells = ((8, 1.6), (2, 8.4), (8, 14.4), (82, 75.6))
    ratio = 2 * sum(seen * math.log(seen / want) for seen, want in cells)

    assert chance_of(8, 10, 16, 100) == pytest.approx(math.erfc(math.sqrt(ratio / 2)))


def test_no_history_has_no_rules():
    assert rules_find([]) == []
