"""Which pictures the demo shop needs, and a pool that makes the missing ones.

A picture is ``<key>-<colour>-<angle>.webp`` at 1000 pixels, with its widths beside it as the shop draws
them for every picture. A manifest remembers from what each was made, so a second run finds all done.
"""

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from catalog.pictures.drawing import RECIPE as WIDTHS_RECIPE
from catalog.pictures.drawing import Effort, draw
from catalog.pictures.sources import sibling_name, sibling_names
from shop.demo.catalogue import Catalogue, Category, Colour, Good
from shop.demo.studio import EDGE, Paint, Piece, Scene, compose

ART_PACKAGE = Path("node_modules/@lobehub/fluent-emoji-3d/assets")
RECIPE = 4  # raise it when the studio changes, and every picture is made again
QUALITY = 84
EFFORT = 0  # WebP's method, for the originals: pages show what is drawn of them
CHUNK = 6
HERO = ("evening-teapot", "red-box-mooncakes", "page-lamp-sofa", "sill-plant")

# Renders with writing on them are tilted for the second view, never mirrored.
WRITTEN = frozenset(
    f"{code}.webp" for code in ("1f004", "1f3b0", "1f3b1", "1f3b5", "1f3b6", "1f3bc", "1f960")
)


@dataclass(frozen=True)
class Shot:
    """A picture to be made. ``owner`` is a good's key, or ``category:…``, or ``hero``."""

    name: str
    owner: str
    colour: str
    angle: str
    scene: Scene


@dataclass(frozen=True)
class Picture:
    """A picture that exists; ``colour`` is ``#rrggbb``, of most of it."""

    shot: Shot
    colour: str
    path: Path


def file_name(name: str) -> str:
    return f"{name}.webp"


def file_names(name: str) -> list[str]:
    """The original and all that is drawn of it."""
    return [file_name(name), *sibling_names(file_name(name), width=EDGE)]


def pictures_planned(catalogue: Catalogue) -> list[Shot]:
    """Every picture the catalogue needs: one per colour, more views per good, a tile per shelf and the hero."""
    shots = [shot for good in catalogue.goods for shot in _good_shots(good)]
    by_shelf: dict[str, list[Good]] = {}
    for good in catalogue.goods:
        by_shelf.setdefault(good.department, []).append(good)
        by_shelf.setdefault(good.category, []).append(good)
    shelves = (*catalogue.departments, *catalogue.categories)
    shots += [_tile(shelf, by_shelf[shelf.key]) for shelf in shelves]
    by_key = {good.key: good for good in catalogue.goods}
    shots += [
        Shot(f"hero-{place}", "hero", "", "hero", Scene((_piece(by_key[key], size=1.06),)))
        for place, key in enumerate(HERO, start=1)
    ]
    return shots


def _paint(good: Good, colour: Colour) -> Paint | None:
    own = colour.key == good.colours[0].key or colour.paint is None
    return None if own or colour.paint is None else Paint(*colour.paint, dye=good.dye)


def _piece(good: Good, *, size: float = 1.0, **place: float | bool | None) -> Piece:
    return Piece(art=good.art, size=round(size * good.picture_size, 3), **place)


def _good_shots(good: Good) -> Iterator[Shot]:
    for colour in good.colours:
        piece = Piece(good.art, paint=_paint(good, colour), size=good.picture_size)
        yield _shot(good, colour, "front", Scene((piece,)))
    own = good.colours[0]
    yield _shot(good, own, "turn", Scene((_turned(good),)))
    if good.featured:
        close = Piece(good.art, size=1.85, x=0.47, base=None)
        yield _shot(good, own, "close", Scene((close,), horizon=0.88))
        yield _shot(good, own, "pair", _pair(good))


def _shot(good: Good, colour: Colour, angle: str, scene: Scene) -> Shot:
    return Shot(f"{good.key}-{colour.key}-{angle}", good.key, colour.key, angle, scene)


def _turned(good: Good) -> Piece:
    if good.art in WRITTEN:
        return _piece(good, size=0.96, tilt=-7)
    return _piece(good, size=0.98, turned=True, x=0.49)


def _pair(good: Good) -> Scene:
    """The good in front of its own second colour, or of a second one like it."""
    behind = Piece(
        good.art,
        paint=_paint(good, good.colours[-1]),
        size=0.66 * good.picture_size,
        x=0.68,
        base=0.765,
        turned=good.art not in WRITTEN,
    )
    return Scene((behind, _piece(good, size=0.80, x=0.37, base=0.86)))


def _tile(shelf: Category, goods: list[Good]) -> Shot:
    """Up to three goods of a shelf together, different objects, the featured ones first."""
    chosen: list[Good] = []
    for good in sorted(goods, key=lambda good: not good.featured):
        if good.art not in {other.art for other in chosen}:
            chosen.append(good)
    places = (
        {"size": 0.74, "x": 0.40, "base": 0.86},
        {"size": 0.60, "x": 0.73, "base": 0.79},
        {"size": 0.46, "x": 0.17, "base": 0.755},
    )
    if len(chosen) == 1:
        pieces = [_piece(chosen[0])]
    else:
        pieces = [_piece(good, **place) for good, place in zip(chosen, places, strict=False)]
    scene = Scene(tuple(reversed(pieces)))
    return Shot(f"category-{shelf.key}", f"category:{shelf.key}", "", "tile", scene)


def pictures_make(
    shots: Iterable[Shot],
    *,
    art_dir: Path,
    cache_dir: Path,
    workers: int = 2,
    on_done: Callable[[int], None] | None = None,
) -> dict[str, Picture]:
    """Make what is missing and return every picture by name.

    ``on_done`` is called with the number of pictures finished since the last call. Raises
    ``FileNotFoundError`` when a render is not in ``art_dir`` (the npm package is not installed).
    """
    shots = list(shots)
    cache_dir.mkdir(parents=True, exist_ok=True)
    manifest = _manifest_read(cache_dir)
    digests = _digests(shots, art_dir)
    missing = [
        shot for shot in shots if not _is_done(shot, digests[shot.name], manifest, cache_dir)
    ]
    if on_done and len(shots) > len(missing):
        on_done(len(shots) - len(missing))
    for done in _made(missing, art_dir, cache_dir, workers):
        manifest |= {name: [digests[name], colour] for name, colour in done.items()}
        if on_done:
            on_done(len(done))
    if missing:
        _manifest_write(cache_dir, manifest)
    return {
        shot.name: Picture(shot, manifest[shot.name][1], cache_dir / file_name(shot.name))
        for shot in shots
    }


def _made(
    missing: list[Shot], art_dir: Path, cache_dir: Path, workers: int
) -> Iterator[dict[str, str]]:
    chunks = [missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK)]
    if workers <= 1 or len(chunks) < 2:
        yield from (_make_chunk(chunk, art_dir, cache_dir) for chunk in chunks)
        return
    # Spawned, not forked: the parent may hold database connections and threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures = [pool.submit(_make_chunk, chunk, art_dir, cache_dir) for chunk in chunks]
        yield from (future.result() for future in futures)


def _make_chunk(shots: list[Shot], art_dir: Path, cache_dir: Path) -> dict[str, str]:
    """Colours by name of the pictures written. Runs in a worker process."""
    colours = {}
    for shot in shots:
        picture, _background = compose(shot.scene, art_dir)
        name = file_name(shot.name)
        picture.save(cache_dir / name, quality=QUALITY, method=EFFORT)
        drawn = draw(picture, effort=Effort.HASTE)
        for (width, kind), data in drawn.files.items():
            (cache_dir / sibling_name(name, width, kind)).write_bytes(data)
        colours[shot.name] = drawn.colour
    return colours


def _digests(shots: list[Shot], art_dir: Path) -> dict[str, str]:
    """What each picture depends on: the recipe, the scene and the renders in it."""
    names = {piece.art for shot in shots for piece in shot.scene.pieces}
    art = {name: hashlib.sha256((art_dir / name).read_bytes()).hexdigest() for name in names}
    return {
        shot.name: hashlib.sha256(
            repr(
                (RECIPE, WIDTHS_RECIPE, shot.scene, [art[piece.art] for piece in shot.scene.pieces])
            ).encode()
        ).hexdigest()[:20]
        for shot in shots
    }


def _is_done(shot: Shot, digest: str, manifest: dict[str, list[str]], cache_dir: Path) -> bool:
    known = manifest.get(shot.name)
    return (
        known is not None
        and known[0] == digest
        and all((cache_dir / name).exists() for name in file_names(shot.name))
    )


def _manifest_read(cache_dir: Path) -> dict[str, list[str]]:
    path = cache_dir / "manifest.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _manifest_write(cache_dir: Path, manifest: dict[str, list[str]]) -> None:
    """Replaced in one step, so that a killed run leaves the old manifest whole."""
    half = cache_dir / "manifest.json.new"
    half.write_text(json.dumps(manifest, indent=0, sort_keys=True), "utf-8")
    half.replace(cache_dir / "manifest.json")
