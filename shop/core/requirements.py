"""Which tests prove which requirement, read from their marks without running them."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HEAD = """# Requirements

Written by `manage.py requirements` from the `req` marks of the tests and from `docs/requirements.toml`; a test holds it up to
date. A line counts as open until a test proves it.
"""


@dataclass
class Requirement:
    """``page``: where a person sees it. ``tests``: ``path::name`` of those that prove it."""

    id: str
    chapter: str
    feature: str
    page: str = ""
    tests: list[str] = field(default_factory=list)


def requirements_read(root: Path) -> list[Requirement]:
    """All requirements with their tests. Raises ``ValueError`` for a mark that names none."""
    data = tomllib.loads((root / "docs" / "requirements.toml").read_text(encoding="utf-8"))
    pages = data.pop("pages")
    marks = marks_read(root / "tests")
    found = [
        Requirement(id, chapter, feature, pages.get(id, ""), sorted(marks.pop(id, [])))
        for chapter, features in data.items()
        for id, feature in features.items()
    ]
    if marks:
        raise ValueError(f"tests are marked with unknown requirements: {sorted(marks)}")
    return found


def marks_read(folder: Path) -> dict[str, list[str]]:
    """Test files and functions by the requirement that they are marked with."""
    marks: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            match node:
                case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                    for requirement in _named(value):
                        marks[requirement].append(name)
                case ast.FunctionDef() | ast.ClassDef():
                    for requirement in (r for one in node.decorator_list for r in _named(one)):
                        marks[requirement].append(f"{name}::{node.name}")
    return marks


def _named(mark: ast.expr) -> Iterator[str]:
    """The ids in ``pytest.mark.req(…)``, wherever it stands in the expression."""
    for node in ast.walk(mark):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req":
            yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


def requirements_written(found: list[Requirement]) -> str:
    """The page, one table per chapter."""
    proven = sum(bool(one.tests) for one in found)
    parts = [HEAD, f"{proven} of {len(found)} are proven, in whole or in part."]
    for chapter in dict.fromkeys(one.chapter for one in found):
        parts.append(f"\n## {chapter}\n| id | what a person can do | where | proven by |")
        parts.append("| --- | --- | --- | --- |")
        parts += [_row(one) for one in found if one.chapter == chapter]
    return "\n".join(parts) + "\n"


def _row(one: Requirement) -> str:
    files: dict[str, int] = defaultdict(int)
    for test in one.tests:
        files[re.sub(r"::.*", "", test)] += 1
    tests = ", ".join(f"`{path}`" for path in files) or "open"
    return f"| {one.id} | {one.feature} | {one.page} | {tests} |"
