"""What search follows: changes of products, of what they stand in, and of the operator's rules."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver

from catalog.facts.models import Brand, ProductFacts
from catalog.models import AttributeOption, Category, ProductAttributeValue, ProductCategory
from catalog.refresh import refresher_register
from catalog.search.models import RankingWeights, SearchRedirect, SynonymGroup
from catalog.search.services import documents_refresh
from shop.core.events import WordsChanged
from shop.core.nearby import nearby_forget
from shop.core.outbox import emit, on

AT_ONCE = 100  # families written in the transaction of a new name; more follow within seconds
IN_ONE_EVENT = 500


def families_changed(ids: list[int]) -> None:
    """In the transaction of the change, after prices (10) and list facets (20)."""
    documents_refresh(ids=ids)


refresher_register("search", families_changed, order=30)


@receiver(post_save, sender=Category, dispatch_uid="search.category")
def on_category_changed(instance: Category, raw: bool = False, **kwargs: object) -> None:
    """Another name, another place or hidden: for all below it. Deleting it deletes its places."""
    if not raw:
        places = ProductCategory.objects.filter(category__path__startswith=instance.path)
        _words_changed(places.values_list("product_id", flat=True))


@receiver(post_save, sender=AttributeOption, dispatch_uid="search.option")
def on_option_changed(instance: AttributeOption, raw: bool = False, **kwargs: object) -> None:
    """A colour is called something else. Deleting it deletes its values."""
    if not raw:
        is_used = Q(value_option=instance) | Q(value_multi_option=instance)
        values = ProductAttributeValue.objects.filter(is_used)
        family = Coalesce("product__parent_id", "product_id")
        _words_changed(values.values_list(family, flat=True))


@receiver(post_save, sender=Brand, dispatch_uid="search.brand")
def on_brand_changed(instance: Brand, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        _words_changed(_families_of(instance))


@receiver(pre_delete, sender=Brand, dispatch_uid="search.brand_goes")
def on_brand_goes(instance: Brand, **kwargs: object) -> None:
    """Who had it is not known afterwards."""
    instance._families = list(_families_of(instance))


@receiver(post_delete, sender=Brand, dispatch_uid="search.brand_gone")
def on_brand_gone(instance: Brand, **kwargs: object) -> None:
    _words_changed(instance._families)


@on(WordsChanged)
def on_words_changed(*, family_ids: list[int], **facts: object) -> None:
    documents_refresh(ids=family_ids)


@receiver([post_save, post_delete], sender=SynonymGroup, dispatch_uid="search.synonyms")
@receiver([post_save, post_delete], sender=SearchRedirect, dispatch_uid="search.redirects")
@receiver([post_save, post_delete], sender=RankingWeights, dispatch_uid="search.weights")
def on_rule_changed(**kwargs: object) -> None:
    """The next search follows."""
    transaction.on_commit(nearby_forget)


def _families_of(brand: Brand) -> Iterable[int]:
    return ProductFacts.objects.filter(brand=brand).values_list("product_id", flat=True)


def _words_changed(families: Iterable[int]) -> None:
    ids = sorted(set(families))
    if len(ids) <= AT_ONCE:
        documents_refresh(ids=ids)
        return
    with transaction.atomic():
        for start in range(0, len(ids), IN_ONE_EVENT):
            emit(WordsChanged(family_ids=ids[start : start + IN_ONE_EVENT]))
