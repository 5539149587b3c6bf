"""From data to PDF: templates in ``layouts/``, set by Typst in a process of its own.

A process can be ended when it takes too long, and gives its memory back. It is started outside any
transaction and takes about a quarter of a second.
"""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from orders.papers.exceptions import PrintingFailed

PRESS = Path(__file__).parent / "press.py"
SECONDS = 20  # for two hundred slips on a busy machine; one paper takes a quarter of one
PACKAGES = settings.BASE_DIR / "node_modules" / "@expo-google-fonts"
FACES = [
    PACKAGES / "source-sans-3" / "400Regular",
    PACKAGES / "source-sans-3" / "600SemiBold",
    PACKAGES / "noto-sans-sc" / "400Regular",
    PACKAGES / "noto-sans-sc" / "700Bold",
]


def print_pdf(*, layout: str, data: dict[str, Any], at: dt.datetime) -> bytes:
    """The PDF of ``layouts/<layout>.typ`` with ``data``; the same bytes for the same input.

    ``at``: the moment that stands in the file. Raises ``PrintingFailed``.
    """
    return _set(layout=layout, data=data, timestamp=int(at.timestamp()), format="pdf")


def print_page(*, layout: str, data: dict[str, Any], page: int = 0, ppi: int = 100) -> bytes:
    """One page as PNG, for looking at it."""
    return _set(layout=layout, data=data, timestamp=0, format="png", page=page, ppi=ppi)


def _set(**job: Any) -> bytes:
    with transaction.atomic(durable=True):
        pass  # refuses to run inside a transaction, which may hold locks
    try:
        done = subprocess.run(  # noqa: S603  our own program, told everything on stdin
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps({**job, "fonts": [str(face) for face in FACES]}).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise PrintingFailed(f"{type(error).__name__}: {error}") from error
    if done.returncode:
        raise PrintingFailed(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
