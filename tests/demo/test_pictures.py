"""The demo's pictures: every colour has its own, none is grey, a second run makes nothing."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shop.demo.catalogue import load_catalogue
from shop.demo.pictures import ART_PACKAGE, file_names, pictures_make, pictures_planned
from shop.demo.studio import Paint, Piece, Scene, compose, repaint

ART = Path(__file__).resolve().parents[2] / ART_PACKAGE
SOME = ("evening-teapot", "hush-headphones", "morning-mug")


def _ball(folder: Path, name: str, colour: tuple[int, int, int]) -> None:
    """A round render with shading and a soft edge, as the real ones have."""
    y, x = np.mgrid[0:128, 0:128] - 64
    light = np.clip(1.1 - np.hypot(x + 20, y + 20) / 120, 0.3, 1)[..., None]
    alpha = np.clip(58 - np.hypot(x, y), 0, 1)[..., None] * 255
    pixels = np.concatenate([np.array(colour) * light, alpha], axis=2).astype(np.uint8)
    Image.fromarray(pixels, "RGBA").save(folder / name, lossless=True)


@pytest.fixture(scope="module")
def art(tmp_path_factory):
    """The real renders where npm has installed them, else balls under the same names."""
    if ART.is_dir():
        return ART
    folder = tmp_path_factory.mktemp("art")
    for place, good in enumerate(load_catalogue("full").goods):
        _ball(folder, good.art, (200, 60 + place % 120, 90))
    return folder


@pytest.fixture(scope="module")
def made(art, tmp_path_factory):
    shots = [shot for shot in pictures_planned(load_catalogue("full")) if shot.owner in SOME]
    folder = tmp_path_factory.mktemp("pictures")
    return pictures_make(shots, art_dir=art, cache_dir=folder, workers=1), shots, folder


def test_every_variant_has_a_picture_planned():
    catalogue = load_catalogue("full")
    planned = {shot.name for shot in pictures_planned(catalogue)}

    assert [v.picture for _, v in catalogue.variants() if v.picture not in planned] == []
    assert {
        f"category-{shelf.key}" for shelf in (*catalogue.departments, *catalogue.categories)
    } <= planned
    assert {"hero-1", "hero-2", "hero-3", "hero-4"} <= planned


def test_names_are_unique():
    names = [shot.name for shot in pictures_planned(load_catalogue("full"))]

    assert len(names) == len(set(names))


def test_files_of_every_width_are_there_and_light(made):
    pictures, shots, folder = made

    assert set(pictures) == {shot.name for shot in shots}
    for picture in pictures.values():
        with Image.open(picture.path) as image:
            assert image.size == (1000, 1000)
        drawn = [folder / name for name in file_names(picture.shot.name)[1:]]
        assert len(drawn) == 10
        for path in drawn:
            with Image.open(path) as image:
                assert f".w{image.width}r" in path.name
            limit = 20_000 if path.suffix == ".avif" else 60_000
            assert path.stat().st_size < limit, path.name


def test_no_picture_is_a_grey_placeholder(made):
    pictures, _, _ = made

    for picture in pictures.values():
        with Image.open(picture.path) as image:
            pixels = np.asarray(image.convert("HSV"), float)
        assert pixels[..., 1].mean() > 4, picture.shot.name
        assert pixels[..., 2].std() > 8, picture.shot.name
        assert picture.colour.startswith("#")
        assert len(picture.colour) == 7


def test_each_colour_looks_different(made):
    pictures, _, _ = made
    fronts = [
        p for p in pictures.values() if p.shot.owner == "evening-teapot" and p.shot.angle == "front"
    ]
    means = [
        np.asarray(Image.open(p.path), float)[375:750, 280:720].mean(axis=(0, 1)) for p in fronts
    ]

    assert len(fronts) == 4
    for place, mean in enumerate(means):
        assert all(np.abs(mean - other).max() > 12 for other in means[:place])


def test_a_second_run_makes_nothing(made, art):
    _, shots, folder = made
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}

    pictures_make(shots, art_dir=art, cache_dir=folder, workers=1)

    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_the_same_scene_gives_the_same_picture(art):
    name = load_catalogue("small").goods[0].art
    scene = Scene((Piece(name),))

    first, second = compose(scene, art), compose(scene, art)

    assert first[1] == second[1]
    assert first[0].tobytes() == second[0].tobytes()


def test_a_new_colour_leaves_grey_parts_grey(tmp_path):
    _ball(tmp_path, "half.webp", (210, 40, 60))
    image = Image.open(tmp_path / "half.webp").convert("RGBA")
    image.paste((180, 180, 180, 255), (40, 64, 90, 100))

    painted = repaint(image, Paint(hue=230))

    red, green, blue, _ = painted.getpixel((64, 82))
    assert max(red, green, blue) - min(red, green, blue) < 6
    red, _, blue, _ = painted.getpixel((64, 30))
    assert blue > red
