"""Keeping the widths of pictures: they are drawn once, beside the request, and go with the last row."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TypedDict
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from catalog.pictures.drawing import RECIPE, Drawn, NotDrawable, drawn_from, size_of, upright
from catalog.pictures.models import StoredPicture
from catalog.pictures.selectors import families_showing, pictures_used, tags_showing
from catalog.pictures.sources import sibling_name, sibling_names
from catalog.refresh import families_touched, refreshing
from shop.core.nearby import nearby_forget
from shop.core.pagecache import drop

PROBLEM_AT_MOST = 80  # letters
AT_ONCE = 24  # pictures in memory


class Facts(TypedDict, total=False):
    """Columns of a `StoredPicture`."""

    width: int
    height: int
    colour: str
    recipe: int
    problem: str


def picture_open(name: str) -> Image.Image:
    """The original as it is seen: upright, in sRGB, on the shop's surface where it has holes.

    For whoever composes something of it. Raises ``OSError`` if the file is gone and ``NotDrawable``
    if it is no picture or has more than 25 megapixels.
    """
    return upright(_bytes_of(name))


def pictures_notice(names: Iterable[str]) -> list[str]:
    """Take note of new pictures and return those that have to be drawn.

    Only the first bytes are looked at. What is known already stays as it is.
    """
    names = list(dict.fromkeys(filter(None, names)))
    known = dict(StoredPicture.objects.filter(name__in=names).values_list("name", "recipe"))
    fresh = [name for name in names if name not in known]
    rows = [StoredPicture(name=name, **_first_look(name)) for name in fresh]
    StoredPicture.objects.bulk_create(rows, ignore_conflicts=True)
    return [name for name in names if known.get(name) != RECIPE]


def _first_look(name: str) -> Facts:
    try:
        with default_storage.open(name) as stored:
            width, height = size_of(stored)
    except NotDrawable as problem:
        return {"problem": str(problem)[:PROBLEM_AT_MOST]}
    except OSError:
        return {}  # not there yet, or the disk is: drawing will tell
    return {"width": width, "height": height}


def picture_draw(*, name: str) -> bool:
    """Draw the widths of a picture; False if there is nothing to do or it cannot be drawn.

    Pages name the files only when all are there, and each file appears whole, so it may be killed
    at any point, run again, and run twice at once. Raises ``OSError`` when the storage fails.
    """
    known = StoredPicture.objects.filter(name=name).first()
    if known is not None and (known.recipe == RECIPE or known.problem):
        return False
    data = _data_of(name)
    return data is not None and _keep({name: drawn_from(data)}) == 1


def pictures_draw(*, names: Sequence[str], workers: int, on_done: Callable[[int], object]) -> int:
    """Draw all of these anew, several at once, and return how many could be drawn.

    ``on_done`` hears how many more are finished. Not inside a request or a task.
    """
    count = 0
    # Spawned, not forked: this process holds a connection to the database.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            data = {name: _data_of(name) for name in some}
            there = {name: one for name, one in data.items() if one is not None}
            drawn = pool.map(drawn_from, there.values())
            with refreshing():
                count += _keep(dict(zip(there, drawn, strict=True)))
            on_done(len(some))
    return count


def _data_of(name: str) -> bytes | None:
    """The file; None, and no trace of it, if it is gone."""
    if not default_storage.exists(name):
        StoredPicture.objects.filter(name=name).delete()
        _pages_follow([name])
        return None
    return _bytes_of(name).getvalue()


def _bytes_of(name: str) -> BytesIO:
    with default_storage.open(name) as stored:
        return BytesIO(stored.read())


def _keep(drawn: Mapping[str, Drawn | NotDrawable]) -> int:
    """Write the files of these pictures, then let the pages know. Returns how many have files."""
    before = StoredPicture.objects.in_bulk(list(drawn))
    facts: dict[str, Facts] = {}
    for name, one in drawn.items():
        if isinstance(one, NotDrawable):
            facts[name] = {"problem": str(one)[:PROBLEM_AT_MOST]}
            continue
        for (width, kind), data in one.files.items():
            _write(sibling_name(name, width, kind), data)
        facts[name] = {
            "width": one.width,
            "height": one.height,
            "colour": one.colour,
            "recipe": RECIPE,
            "problem": "",
        }
    _facts_set(facts)
    fresh = [name for name in facts if facts[name].get("recipe")]
    for name in fresh:
        if name in before and before[name].recipe not in (0, RECIPE):
            transaction.on_commit(partial(_files_drop, name, before[name]), robust=True)
    return len(fresh)


def _write(name: str, data: bytes) -> None:
    """Whole or not at all. A store of objects does so itself; on a disk the file gets its name last."""
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:
        if default_storage.exists(name):
            default_storage.delete(name)
        default_storage.save(name, ContentFile(data))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{uuid4().hex}.half")
    try:
        half.write_bytes(data)
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)


@transaction.atomic
def _facts_set(facts: dict[str, Facts]) -> None:
    """Pages that show these pictures are told, in the same transaction."""
    for name in sorted(facts):
        StoredPicture.objects.update_or_create(name=name, defaults=dict(facts[name]))
    _pages_follow(list(facts))


def _pages_follow(names: list[str]) -> None:
    families_touched(families_showing(names))
    drop(*tags_showing(names))
    transaction.on_commit(nearby_forget)


def pictures_drop_unused(names: Iterable[str]) -> list[str]:
    """Delete what nobody shows any more, with its widths, once this transaction is through."""
    names = [name for name in dict.fromkeys(names) if name]
    unused = sorted(set(names) - pictures_used(names)) if names else []
    known = {row.name: row for row in StoredPicture.objects.filter(name__in=unused)}
    StoredPicture.objects.filter(name__in=unused).delete()
    for name in unused:
        transaction.on_commit(partial(_drop, name, known.get(name)), robust=True)
    return unused


def _drop(name: str, known: StoredPicture | None) -> None:
    default_storage.delete(name)
    if known is not None and known.recipe:
        _files_drop(name, known)


def _files_drop(name: str, known: StoredPicture) -> None:
    for sibling in sibling_names(name, width=known.width, recipe=known.recipe):
        default_storage.delete(sibling)
