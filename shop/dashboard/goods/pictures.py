"""Pictures of a product at the desk: many at once, in an order, with words in both languages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from catalog.models import Product, ProductImage
from catalog.refresh import refreshing
from shop.core.locks import retry_on_conflict
from shop.core.uploads import picture_cleaned
from shop.dashboard.goods.plans import plan_hold

MOST_AT_ONCE = 20
MOST = 60  # of one product
CAPTION_MOST = 200


@dataclass(frozen=True)
class PictureRow:
    """What the form says of one picture."""

    pk: int
    position: int
    caption_en: str
    caption_zh: str
    is_gone: bool = False


def family_of(product: Product) -> int:
    return product.parent_id or product.pk


def pictures_add(
    *, product: Product, files: Sequence[UploadedFile], user_id: int | None
) -> list[tuple[str, str]]:
    """Keep those that are pictures, behind the others. Returns names of files and what is wrong."""
    problems: list[tuple[str, str]] = []
    good = []
    for file in files[:MOST_AT_ONCE]:
        try:
            good.append(picture_cleaned(file))
        except ValidationError as error:
            problems.append((file.name or "", error.messages[0]))
    if not good:
        return problems
    with refreshing():
        plan_hold(product_id=family_of(product), version=None, user_id=user_id)
        rows = ProductImage.objects.filter(product=product)
        last = rows.aggregate(last=Max("display_order"))["last"]
        start = 0 if last is None else last + 1
        for place, file in enumerate(good, start=start):
            ProductImage.objects.create(product=product, original=file, display_order=place)
    return problems


@retry_on_conflict
@transaction.atomic
def pictures_set(
    *, product: Product, rows: Iterable[PictureRow], version: int | None, user_id: int | None
) -> None:
    """Put the pictures in this order, with these words; those that are gone go.

    Pictures that the form did not know stay behind the others. Raises ``PlanChanged``.
    """
    wanted = {row.pk: row for row in rows}
    with refreshing():
        plan_hold(product_id=family_of(product), version=version, user_id=user_id)
        images = ProductImage.objects.filter(product=product).order_by("display_order", "pk")
        for image in images.filter(pk__in=[pk for pk, row in wanted.items() if row.is_gone]):
            image.delete()  # which numbers the others anew
        kept = list(images.all())
        kept.sort(key=lambda one: wanted[one.pk].position if one.pk in wanted else MOST * 10)
        for place, image in enumerate(kept):
            row = wanted.get(image.pk)
            said = (
                (row.caption_en, row.caption_zh)
                if row
                else (image.caption_en or "", image.caption_zh_hans or "")
            )
            now = (image.caption_en or "", image.caption_zh_hans or "")
            if image.display_order != place or said != now:
                image.display_order = place
                image.caption_en, image.caption_zh_hans = said
                image.save()
