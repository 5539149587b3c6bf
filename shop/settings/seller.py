"""Who sells: what the law wants on an invoice. Frozen into each paper as it is issued.

Lines of an address are divided by ``|``. The demo has a seller of its own; a real shop without these
settings prints its name alone, and the back office says so beside the papers.
"""

from shop.settings import env
from shop.settings.base import BANK_TRANSFER_DETAILS, DEFAULT_FROM_EMAIL, IS_DEMO
from shop.settings.oscar import OSCAR_SHOP_NAME


def _demo(text: str) -> str:
    return text if IS_DEMO else ""


SELLER = {
    "name": env.text("SELLER_NAME", default=_demo("Storekeep Demo GmbH") or OSCAR_SHOP_NAME),
    "address": [
        line.strip()
        for line in env.text(
            "SELLER_ADDRESS", default=_demo("Example Street 12|10115 Berlin|Germany")
        ).split("|")
        if line.strip()
    ],
    "vat_id": env.text("SELLER_VAT_ID", default=_demo("DE 000 000 000")),
    "register": env.text("SELLER_REGISTER", default=""),
    "contact": env.text(
        "SELLER_CONTACT", default=DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")
    ),
    "bank": env.text("SELLER_BANK", default=_demo(BANK_TRANSFER_DETAILS)),
}
