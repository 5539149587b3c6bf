"""What the design system promises: readable pairs of colours, small files, nothing inline."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from shop import assets

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
KB = 1000

TEXT = 4.5  # WCAG 2.2, 1.4.3
EDGE = 3.0  # WCAG 2.2, 1.4.11
GROUNDS = ("paper", "surface", "sunken")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS),
    *(("accent-text", ground, TEXT) for ground in (*GROUNDS, "accent-soft")),
    *((tone, ground, TEXT) for tone in ("good", "warn", "info") for ground in GROUNDS),
    *((tone, f"{tone}-soft", TEXT) for tone in ("good", "warn", "info")),
    *(("ink", f"{tone}-soft", TEXT) for tone in ("good", "warn", "info", "accent")),
    ("paper", "ink", TEXT),
    ("paper", "ink-2", TEXT),
    ("accent-ink", "accent", TEXT),
    ("accent-ink", "accent-hover", TEXT),
    ("night-ink", "night", TEXT),
    ("night-ink", "night-on", TEXT),
    ("night-ink-2", "night-2", TEXT),
    ("night-ink-3", "night-2", TEXT),
    *(("edge", ground, EDGE) for ground in GROUNDS),
    *(("accent", ground, EDGE) for ground in GROUNDS),
    *(("star", ground, EDGE) for ground in GROUNDS),
]


def colours() -> dict[str, tuple[str, str]]:
    """Each colour token by day and by night."""
    text = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", text)
    return {name: (day, night) for name, day, night in found}


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_words_can_be_read_by_day_and_by_night(ink, ground, least, night):
    tokens = colours()

    assert contrast(tokens[ink][night], tokens[ground][night]) >= least


def test_colours_come_from_tokens_alone():
    raw = re.compile(r":[^;{}]*#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(", re.IGNORECASE)

    for path in STYLES:
        if path.name != "tokens.css":
            assert not raw.search(path.read_text(encoding="utf-8")), path.name


def test_every_token_that_is_used_exists():
    named = set()
    for path in STYLES:
        named |= set(re.findall(r"(--[\w-]+):", path.read_text(encoding="utf-8")))

    for path in STYLES:
        used = set(re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8")))
        assert used <= named, path.name


def test_templates_hold_nothing_that_the_policy_forbids():
    inline = re.compile(r"""\s(?:style|on[a-z]+)=["']|<style|<script(?![^>]*\ssrc=)[^>]*>""")
    data = re.compile(r"<script[^>]*application/ld\+json[^>]*>")

    for path in TEMPLATES:
        if "mails" in path.parts:  # a mail carries its style with it; no browser policy applies
            continue
        text = data.sub("", path.read_text(encoding="utf-8"))
        assert not inline.search(text), path.relative_to(ROOT)


def test_components_say_what_they_take():
    for path in (ROOT / "templates" / "components").rglob("*.html"):
        assert path.read_text(encoding="utf-8").startswith("{% comment"), path.name


def test_icons_that_are_named_exist():
    sprite = (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")
    there = set(re.findall(r'<symbol id="([\w-]+)"', sprite))

    for path in TEMPLATES:
        named = re.findall(
            r'components/icon.html" with name="([\w-]+)"', path.read_text(encoding="utf-8")
        )
        assert set(named) <= there, path.relative_to(ROOT)


def test_files_for_the_shopper_are_small():
    def weight(*names: str) -> int:
        return sum(len(brotli.compress(Path(finders.find(name)).read_bytes())) for name in names)

    assert weight("css/storefront.css") <= 20 * KB
    assert weight("js/elements.js", "npm/htmx.org/htmx.min.js") <= 30 * KB


def test_elements_stay_short():
    for path in (ROOT / "static/js/elements").glob("*.js"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 150, path.name


def test_a_part_that_changes_makes_the_bundle_anew(tmp_path, monkeypatch):
    source, built = tmp_path / "static", tmp_path / "built"
    part = source / "css" / "components" / "site-lamp.css"
    part.parent.mkdir(parents=True)
    part.write_text("/* a lamp */\n.lamp :is(a, b) {\n  color: red;\n}\n", encoding="utf-8")
    monkeypatch.setattr(assets, "SOURCE", source)
    bundle = assets.BUNDLES["css/storefront.css"]

    first = assets.bundle_write(bundle, built)

    assert first.read_text(encoding="utf-8") == ".lamp :is(a, b){color: red;}"
    assert not assets.bundle_is_stale(bundle, built)
    assert assets.BUNDLES["css/office.css"].parts() == []

    part.with_name("site-bulb.css").write_text(".bulb{}", encoding="utf-8")

    assert assets.bundle_is_stale(bundle, built)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/styleguide/", "/zh-hans/styleguide/", "/styleguide/office/"])
def test_the_style_guide_shows_itself_in_the_demo(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert " style=" not in response.content.decode()


@pytest.mark.django_db
def test_a_wrong_address_gets_a_page_that_leads_on(client):
    response = client.get("/nowhere/")

    page = response.content.decode()
    assert response.status_code == 404
    assert "This page is not here" in page
    assert 'role="search"' in page


@pytest.mark.django_db
def test_the_door_of_the_back_office_is_ours(client):
    page = client.get("/dashboard/login/").content.decode()

    assert "css/office.css" in page
    assert "bootstrap" not in page


@pytest.mark.django_db
def test_the_choice_of_light_is_kept_and_leads_nowhere_else(client):
    response = client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})

    assert response.url == "/"
    assert client.cookies["theme"].value == "dark"

    client.post("/theme/", {"theme": "<b>", "next": "/styleguide/"})

    assert client.cookies["theme"].value == ""
    assert client.get("/theme/").status_code == 405
