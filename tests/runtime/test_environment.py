"""What the processes of a shop find in their environment."""

import pytest

from shop.runtime.config import child_environment, config_read, folders_make


@pytest.mark.parametrize(
    ("demo", "given", "found"),
    [
        ("small", "", "paypal"),
        ("small", "stripe", "stripe"),
        ("none", "", None),
    ],
)
def test_a_demo_shop_shows_both_ways_to_take_money(tmp_path, monkeypatch, demo, given, found):
    monkeypatch.delenv("STRIPE_SECRET_KEY", raising=False)
    for name, text in (("DATA_DIR", str(tmp_path)), ("DEMO", demo), ("CAPTURE_AT_SHIPMENT", given)):
        monkeypatch.setenv(name, text)
    config = config_read()
    folders_make(config)

    made = child_environment(config, database_url="d", redis_url="r", provider=9000)

    assert made.get("CAPTURE_AT_SHIPMENT") == found
