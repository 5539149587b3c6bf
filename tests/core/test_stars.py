import pytest

from shop.core.templatetags.stars import star_fills


@pytest.mark.parametrize(
    ("value", "full", "half"),
    [(0, 0, 0), (None, 0, 0), (0.3, 0, 1), (3.4, 3, 1), (4.5, 4, 1), (4.8, 5, 0), (5, 5, 0)],
)
def test_stars_tell_halves(value, full, half):
    fills = star_fills(value)

    assert (len(fills), fills.count("full"), fills.count("half")) == (5, full, half)
