"""Photos that buyers took: the product's picture seen by another camera in another light."""

import random
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageEnhance

from catalog.opinions.models import ReviewPhoto, State
from catalog.reviews.models import ProductReview
from shop.demo.catalogue import Catalogue, Good
from shop.demo.loader.bulk import bulk, dates_as_given
from shop.demo.loader.products import FOLDER as PRODUCTS
from shop.demo.loader.products import Shelved
from shop.demo.loader.widths import widths_make
from shop.demo.pictures import file_name

SHARE = 0.08  # of reviews, but the bad ones: a dented corner cannot be drawn from a good picture
SOURCE, LONG, SHORT = 640, 560, 420  # pixels
LATER = 2  # shown reviews whose photos nobody has looked at yet
VIEWS = 4  # different photos of one picture at most
FOLDER = "reviews/demo"  # under MEDIA_ROOT
LIGHTS = ((255, 214, 160), (196, 214, 255), (255, 236, 214), (214, 226, 206))  # lamp, window, …


def photos_load(catalogue: Catalogue, shelved: Shelved, *, rng: random.Random) -> None:
    """One to three for some reviews. Files that were made by an earlier load are kept."""
    goods = {shelved.products[good.key].pk: good for good in catalogue.goods}
    rows = []
    unread = LATER
    for review in ProductReview.objects.filter(score__gte=3).order_by("-date_created", "pk"):
        is_shown = review.status == State.APPROVED
        if is_shown and rng.random() > SHARE:
            continue
        good = goods[review.product_id]
        state = State.APPROVED if is_shown and not unread else State.PENDING
        unread -= is_shown and unread > 0
        for place, name in enumerate(_made(good, rng)):
            rows.append(
                ReviewPhoto(
                    review=review,
                    image=name,
                    state=state,
                    position=place,
                    created_at=review.date_created,
                )
            )
    with dates_as_given((ReviewPhoto, "created_at")):
        bulk(rows)
    widths_make(row.image.name for row in rows)


def _made(good: Good, rng: random.Random) -> Iterator[str]:
    """Names of photos of ``good``, written if they are not there yet."""
    pictures = sorted({variant.picture for variant in good.variants})
    for _ in range(rng.choice((1, 1, 1, 2))):
        picture, number = rng.choice(pictures), rng.randrange(VIEWS)
        source = Path(settings.MEDIA_ROOT) / PRODUCTS / file_name(picture)
        name = f"{FOLDER}/{picture}-{number + 1}.webp"
        target = Path(settings.MEDIA_ROOT) / name
        if not source.exists():
            continue
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            photo_take(source, target, seed=zlib.crc32(name.encode()))
        yield name


def photo_take(source: Path, target: Path | BytesIO, *, seed: int) -> None:
    """Tilted, nearer, in the light of a room, and a little darker to one side."""
    rng = random.Random(seed)
    with Image.open(source) as stored:
        picture = stored.convert("RGB").resize((SOURCE, SOURCE), Image.Resampling.HAMMING)
    if rng.random() < 0.5:
        picture = picture.rotate(rng.uniform(-9, 9), Image.Resampling.BICUBIC, expand=False)
    edge = picture.width
    side = round(edge * rng.uniform(0.62, 0.78))
    left = round((edge - side) * rng.uniform(0.35, 0.65))
    top = round((edge - side) * rng.uniform(0.45, 0.75))
    picture = picture.crop((left, top, left + side, top + side))
    shape = rng.choice(((LONG, SHORT), (SHORT, LONG), (LONG, LONG)))
    picture = _cover(picture, shape)
    light = Image.new("RGB", shape, rng.choice(LIGHTS))
    picture = Image.blend(picture, light, rng.uniform(0.12, 0.24))
    shade = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(shape)
    shade = shade.point(lambda level: 130 + level * 125 // 255)
    picture = Image.composite(picture, ImageEnhance.Brightness(picture).enhance(0.72), shade)
    picture = ImageEnhance.Contrast(picture).enhance(rng.uniform(0.92, 1.12))
    picture.save(target, "WEBP", quality=74, method=0)


def _cover(picture: Image.Image, shape: tuple[int, int]) -> Image.Image:
    """Cut to the proportions of ``shape`` around its middle, and scaled to it."""
    width, height = picture.size
    wanted = shape[0] / shape[1]
    if width / height > wanted:
        cut = round(height * wanted)
        box = ((width - cut) // 2, 0, (width - cut) // 2 + cut, height)
    else:
        cut = round(width / wanted)
        box = (0, (height - cut) // 2, width, (height - cut) // 2 + cut)
    return picture.resize(shape, Image.Resampling.BICUBIC, box=box)
