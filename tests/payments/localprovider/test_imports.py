import ast

from tests.payments.localprovider.support import ROOT

OURS = {"shop", "catalog", "promotions", "supply", "orders", "crm", "analytics", "django", "oscar"}


def test_the_provider_knows_nothing_of_the_shop():
    package = ROOT / "payments" / "localprovider"
    imported = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path.name} imports relatively"
                imported.add(str(node.module))

    assert not {name for name in imported if name.split(".")[0] in OURS}
    ours = {name for name in imported if name.split(".")[0] == "payments"}
    assert all(name.startswith("payments.localprovider") for name in ours)
