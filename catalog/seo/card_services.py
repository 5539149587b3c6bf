"""Making cards. Slow: about half a second each; only workers come here, never a request."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import override
from PIL import Image

from catalog.models import Product
from catalog.pictures.drawing import MAX_PIXELS
from catalog.seo.canvas import RECIPE, CardWords, card_draw
from catalog.seo.card_selectors import faces_of
from catalog.seo.head import shop_words
from catalog.seo.models import ShareCard
from catalog.seo.rules import rules_forget
from catalog.specs import brand_of

FOLDER = "cards"


def cards_refresh(ids: Iterable[int]) -> int:
    """Make the cards of these families that are missing or say something else by now. How many."""
    products = Product.objects.filter(pk__in=set(ids), parent=None).select_related("facts__brand")
    faces = faces_of([product.pk for product in products])
    known = {
        (card.product_id, card.language): card.digest
        for card in ShareCard.objects.filter(product__in=products)
    }
    made = 0
    for product in products:
        for language, _name in settings.LANGUAGES:
            with override(language):
                words = _product_words(product)
            face = faces.get(product.pk, "")
            digest = _digest(language, words, face)
            if known.get((product.pk, language)) != digest:
                _card_make(product.pk, language, digest, words, face)
                made += 1
    return made


def shop_cards_refresh() -> int:
    """The same for the shop's own card, in every language."""
    known = dict(ShareCard.objects.filter(product=None).values_list("language", "digest"))
    made = 0
    for language, _name in settings.LANGUAGES:
        with override(language):
            said = shop_words()
            words = CardWords(name=said["shop"], shop=said["shop"], line=said["tagline"])
        digest = _digest(language, words, "")
        if known.get(language) != digest:
            _card_make(None, language, digest, words, "")
            made += 1
    if made:
        rules_forget()
    return made


def _product_words(product: Product) -> CardWords:
    brand = brand_of(product)
    return CardWords(
        name=product.title,
        shop=shop_words()["shop"],
        brand=brand.name if brand else "",
        rating=round(product.rating or 0, 1),
    )


def _digest(language: str, words: CardWords, face: str) -> str:
    said = json.dumps([RECIPE, language, asdict(words), face], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _card_make(
    product_id: int | None, language: str, digest: str, words: CardWords, face: str
) -> None:
    """The file first: a row never names a picture that is not there."""
    name = f"{FOLDER}/{product_id or 'shop'}-{language}-{digest}.jpg"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(card_draw(words, _picture(face))))
    with transaction.atomic():
        ShareCard.objects.update_or_create(
            product_id=product_id, language=language, defaults={"digest": digest, "image": name}
        )


def _picture(name: str) -> Image.Image | None:
    """The stored picture; None where it is gone, broken or far too large."""
    if not name:
        return None
    try:
        with default_storage.open(name) as stored, Image.open(stored) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            return picture.convert("RGB")
    except (OSError, ValueError):
        return None


def cards_sweep(*, older_than: float) -> int:
    """Delete files that no card names any more and that were made before ``older_than`` (a stamp).

    Others may still show what they fetched days ago. How many.
    """
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    named = set(ShareCard.objects.values_list("image", flat=True))
    gone = 0
    for file in files:
        name = f"{FOLDER}/{file}"
        if name not in named and default_storage.get_modified_time(name).timestamp() < older_than:
            default_storage.delete(name)
            gone += 1
    return gone
