"""The one block that is printed when the shop is open."""

import json

from shop import env
from shop.runtime.config import Config


def banner(config: Config, *, seconds: float) -> str:
    """Where to go and who to be."""
    shop = env.text("PUBLIC_URL", f"http://127.0.0.1:{config.port}").rstrip("/")
    rows = [
        ("Shop", f"{shop}/"),
        ("Back office", f"{shop}/dashboard/"),
        ("Mails", f"{shop}/dashboard/mails/  and  {config.data_dir / 'mails'}"),
        ("Logs", str(config.log_dir)),
    ]
    lines = [f"{name:<12}  {value}" for name, value in rows]
    accounts = _accounts(config)
    if accounts:
        wide = max(len(account["role"]) for account in accounts)
        long = max(len(account["email"]) for account in accounts)
        lines += ["", "Demo accounts"]
        lines += [
            f"  {account['role']:<{wide}}  {account['email']:<{long}}  {account['password']}"
            for account in accounts
        ]
    lines += ["", f"Open after {seconds:.1f} s. Ctrl-C stops everything."]
    rule = "─" * max(len(line) for line in lines)
    return "\n".join(["", rule, *lines, rule, ""])


def _accounts(config: Config) -> list[dict[str, str]]:
    """What the demo wrote down; nothing where there is no demo."""
    try:
        return json.loads((config.data_dir / "demo-accounts.json").read_text())
    except (OSError, ValueError):
        return []
