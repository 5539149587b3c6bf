"""Brands and collections are found by their slug alone, so a new slug is a new address.

Products and categories carry their number: any old slug, and any old place in the tree, leads to them
already (`catalog.product_views`, `catalog.listing.views`).
"""

from collections.abc import Collection

from django.db import models
from django.db.models.signals import post_save, pre_save
from django.urls import reverse
from django.utils.translation import override

from catalog.facts.models import Brand
from catalog.listing.models import CollectionText
from catalog.moved.services import path_leave
from catalog.moved.things import thing_register

BRAND, COLLECTION = "brand", "collection"
PLACES = {BRAND: ("catalogue:brand",), COLLECTION: ("catalogue:collection", "catalogue:range")}


def register() -> None:
    ranges = CollectionText._meta.get_field("range").related_model
    for kind, model in ((BRAND, Brand), (COLLECTION, ranges)):
        pre_save.connect(on_saving, sender=model, dispatch_uid=f"moved.{kind}.before")
        post_save.connect(on_saved, sender=model, dispatch_uid=f"moved.{kind}.after")
    thing_register(BRAND, lambda keys: _urls(Brand.objects.filter(pk__in=keys), PLACES[BRAND][0]))
    thing_register(COLLECTION, lambda keys: _urls(_public(ranges, keys), PLACES[COLLECTION][0]))


def _public(ranges: type[models.Model], keys: Collection[int]) -> models.QuerySet:
    return ranges._default_manager.filter(pk__in=keys, is_public=True)


def _urls(rows: models.QuerySet, name: str) -> dict[int, str]:
    return {pk: _url(name, slug) for pk, slug in rows.values_list("pk", "slug")}


def _url(name: str, slug: str) -> str:
    with override("en"):
        return reverse(name, kwargs={"slug": slug})


def on_saving(
    sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs
) -> None:
    """Remember the slug that the row has before it is written."""
    before = sender._default_manager.filter(pk=instance.pk) if instance.pk and not raw else None
    instance._slug_before = before.values_list("slug", flat=True).first() if before else None


def on_saved(
    sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs
) -> None:
    old = getattr(instance, "_slug_before", None)
    if raw or not old or old == instance.slug:
        return
    kind = BRAND if sender is Brand else COLLECTION
    for name in PLACES[kind]:
        path_leave(kind=kind, key=instance.pk, old=_url(name, old), new=_url(name, instance.slug))
