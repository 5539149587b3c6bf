"""Kept pages follow the rows that they show."""

from collections.abc import Mapping
from functools import partial
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from shop.core.pagecache.drops import SITE, drop
from shop.core.pagecache.gather import family_tags


def models_follow(paths: Mapping[str, str]) -> None:
    """``paths``: by model, how a row leads to the product whose pages show it; "" for all pages."""
    for label, path in paths.items():
        model = apps.get_model(label)
        for signal in (post_save, post_delete):
            signal.connect(
                partial(_on_change, path=path),
                sender=model,
                weak=False,
                dispatch_uid=f"pagecache.{label}.{signal is post_save}",
            )


def _on_change(
    *, instance: Model, path: str, raw: bool = False, origin: Any = None, **kwargs: Any
) -> None:
    if raw:
        return
    if not path:
        drop(SITE)
        return
    if origin is not None and getattr(origin, "model", type(origin)) is not type(instance):
        return  # it goes with its product, whose own end is the news
    try:
        product = attrgetter(path)(instance)
    except ObjectDoesNotExist:
        return
    drop(*(family_tags([product.parent_id or product.pk]) if product is not None else (SITE,)))
