"""docs/operations.md lists every setting there is, and none that there is not."""

import re

from shop.runtime.config import ROOT

READER = re.compile(r"env\.(?:text|number|flag|items|choice|url|path)\(\s*\"([A-Z_]+)\"")
# Read by the tests' own start, not by a shop.
FOR_TESTS = {"BROWSER_TESTS", "CHROMIUM", "CI"}


def test_every_setting_is_documented_and_every_documented_one_exists():
    source = "\n".join(
        file.read_text()
        for folder in ("shop", "catalog", "orders", "payments", "supply", "crm", "promotions")
        for file in (ROOT / folder).rglob("*.py")
    )
    table = re.findall(r"^\| (`[A-Z_`, ]+`) \|", (ROOT / "docs/operations.md").read_text(), re.M)
    documented = {name for row in table for name in re.findall(r"`([A-Z_]+)`", row)}

    assert documented == set(READER.findall(source)) - FOR_TESTS | {"DATABASE_URL", "REDIS_URL"}
