"""The style and script bundles, made from their parts without a bundler.

``static/css`` holds one file per component and ``static/js/elements`` one per custom element,
which is good to work in and too many requests to ship. ``BundleFinder`` is a static files finder
that offers the joined files (``css/storefront.css``, ``css/office.css``, ``js/elements.js``)
as if they lay in ``static/``: ``collectstatic`` builds them afresh, and the development server
rebuilds one when a part is newer than it. WhiteNoise hashes and compresses them like any file.

Which part goes where is told by its name: ``office-*`` is for the back office, ``site-*`` for
the storefront, all others for both.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCE = Path(__file__).resolve().parent.parent / "static"


@dataclass(frozen=True)
class Bundle:
    """One joined file: parts in this order, glob by glob, each in the order of its names."""

    name: str
    globs: tuple[str, ...]
    without: str = ""

    def parts(self) -> list[Path]:
        found = [path for glob in self.globs for path in sorted(SOURCE.glob(glob))]
        return [path for path in found if not (self.without and path.name.startswith(self.without))]

    def text(self) -> str:
        joined = "\n".join(part.read_text(encoding="utf-8") for part in self.parts())
        return css_squeeze(joined) if self.name.endswith(".css") else joined


def css_squeeze(text: str) -> str:
    """The same style sheet without its comments, indents and line ends.

    No cleverer on purpose: minifiers made before cascade layers take ``.box :is(a, b)`` inside
    ``@layer`` for a declaration and drop the space that means "within". Brotli does the rest.
    """
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


FOUNDATION = ("css/tokens.css", "css/base.css", "css/layout.css", "css/components/*.css")
BUNDLES = {
    bundle.name: bundle
    for bundle in (
        Bundle("css/storefront.css", (*FOUNDATION, "css/pages/*.css"), without="office-"),
        Bundle("css/office.css", (*FOUNDATION, "css/pages/office-*.css"), without="site-"),
        Bundle("js/elements.js", ("js/elements/*.js",)),
    )
}


def bundle_write(bundle: Bundle, root: Path) -> Path:
    """Write the bundle under ``root`` in one move, so that no reader sees half a file."""
    target = root / bundle.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=target.parent, delete=False, encoding="utf-8"
    ) as draft:
        draft.write(bundle.text())
    Path(draft.name).chmod(0o644)
    os.replace(draft.name, target)
    return target


def bundle_is_stale(bundle: Bundle, root: Path) -> bool:
    """True when a part is newer than the bundle, or a folder gained or lost a part."""
    target = root / bundle.name
    if not target.exists():
        return True
    parts = bundle.parts()
    watched = {*parts, *(part.parent for part in parts)}
    return max(path.stat().st_mtime for path in watched) > target.stat().st_mtime


class BundleFinder(BaseFinder):
    """Offers the bundles to ``collectstatic``, ``runserver`` and WhiteNoise.

    They are kept in the folder that ``settings.ASSETS_ROOT`` names.
    """

    def __init__(self, app_names=None, *args, **kwargs):
        self.root = Path(settings.ASSETS_ROOT)
        self.storage = FileSystemStorage(location=self.root)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False):
        bundle = BUNDLES.get(Path(path).as_posix())
        if bundle is None:
            return []
        if bundle_is_stale(bundle, self.root):
            bundle_write(bundle, self.root)
        found = str(self.root / bundle.name)
        return [found] if find_all else found

    def list(self, ignore_patterns) -> Iterator[tuple[str, FileSystemStorage]]:
        for bundle in BUNDLES.values():
            bundle_write(bundle, self.root)
            yield bundle.name, self.storage
