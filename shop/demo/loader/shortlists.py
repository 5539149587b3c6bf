"""Recommendations computed from the demo's history, a few pins and bans, and wish lists."""

import tomllib
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalog.models import Product
from catalog.recommend.evaluation import evaluation_make
from catalog.recommend.services import choice_make, recommendations_rebuild
from crm.accounts.models import User
from crm.accounts.roles import MARKETER, PRODUCT_MANAGER
from crm.wishes.services import wish_add, wish_list_make, wish_list_share

DATA = Path(__file__).parent.parent / "data" / "shortlists.toml"


def shortlists_load(*, products: dict[str, Product], accounts: dict[str, User]) -> None:
    """Runs last: it reads orders, prices and texts. ``products``: families by the keys of the goods."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    recommendations_rebuild()
    evaluation_make(now=timezone.now())
    _choices_load(data["choices"], products, [accounts[PRODUCT_MANAGER], accounts[MARKETER]])
    _wishes_load(data["lists"], products, accounts["Shopper"])


def _choices_load(
    choices: list[dict[str, Any]], products: dict[str, Product], team: list[User]
) -> None:
    for number, one in enumerate(choices):
        keys = [one[side] for side in ("product", "other") if side in one]
        if not set(keys) <= products.keys():
            continue
        choice_make(
            verdict=one["verdict"],
            shelf=one["shelf"],
            product_id=products[one["product"]].pk if "product" in one else None,
            other_id=products[one["other"]].pk,
            note=one["note"],
            user_id=team[number % len(team)].pk,
        )


def _wishes_load(lists: list[dict[str, Any]], products: dict[str, Product], shopper: User) -> None:
    for one in lists:
        named = wish_list_make(user=shopper, name=one["name"]) if "name" in one else None
        for key in one["goods"]:
            if key in products:
                wish_add(
                    user=shopper, product=products[key], wish_list_id=named.pk if named else None
                )
        if named and one.get("shared"):
            wish_list_share(user=shopper, wish_list_id=named.pk, is_shared=True)
