"""Collect the words to translate and keep the Chinese catalogue in step: `make messages`.

Works with Babel alone, so that a machine without gettext can do it and the tests can check it.
A word that left the source leaves the catalogue; a new one enters it empty, which a test refuses.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
APPS = ("shop", "catalog", "promotions", "supply", "payments", "orders", "crm", "analytics")
# The payment provider is a program of its own; applied migrations never change their words.
NOT_OURS = ("migrations", "localprovider")
TEMPLATE_SUFFIXES = {".html", ".txt"}
KEYWORDS = {
    "Final": None,  # why a step cannot be undone, see `shop.core.steps`
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = r"""# Storekeep in Simplified Chinese. The words to use are in docs/glossary-zh.md.
# `make messages` adds what is new and drops what is gone.
msgid ""
msgstr ""
"Project-Id-Version: Storekeep\n"
"Language: zh_Hans\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def source_files() -> Iterator[Path]:
    """Every file of ours that may hold words for people."""
    folders = [(ROOT / app, "*.py") for app in APPS] + [(ROOT / "templates", "*")]
    for folder, pattern in folders:
        for file in sorted(folder.rglob(pattern)):
            is_source = file.suffix == ".py" or file.suffix in TEMPLATE_SUFFIXES
            if is_source and not any(part in NOT_OURS for part in file.parts):
                yield file


def as_python(file: Path) -> str:
    """The file as Python source; a template becomes a list of gettext calls.

    What templatize leaves of a template is indented at will, which Python's tokenizer refuses, and
    its messages keep their line breaks escaped: so the indentation can go.
    """
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return text
    return "\n".join(line.strip() for line in templatize(text).splitlines())


def words_of(file: Path) -> Iterator[Message]:
    """The marked strings of one file, in their order."""
    source = io.BytesIO(as_python(file).encode())
    for _line, words, _comments, context in extract("python", source, keywords=KEYWORDS):
        yield Message(words, context=context)


def words_collect() -> Catalog:
    """A catalogue of all marked strings, without translations."""
    template = Catalog()
    for file in source_files():
        place = (file.relative_to(ROOT).as_posix(), 0)
        for message in words_of(file):
            template.add(message.id, locations=[place], context=message.context)
    return template


def catalogue_read(file: Path = CATALOGUE) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=file.parts[-3])


def catalogue_write(catalogue: Catalog, file: Path = CATALOGUE) -> None:
    """Sorted, without dates and line numbers, so that a diff shows words alone."""
    with file.open("wb") as target:
        target.write(HEADER.encode())
        write_po(
            target,
            catalogue,
            width=100,
            sort_output=True,
            ignore_obsolete=True,
            omit_header=True,
            include_lineno=False,
        )


def is_translated(message: Message) -> bool:
    """Plural messages have one form in Chinese, kept as a tuple of one."""
    forms = [message.string] if isinstance(message.string, str) else message.string
    return bool(forms) and all(forms) and not message.fuzzy


def main() -> None:
    """Bring the catalogue up to the source and say how many messages wait for a translator."""
    catalogue = catalogue_read() if CATALOGUE.exists() else Catalog(locale="zh_Hans")
    catalogue.update(words_collect(), no_fuzzy_matching=True)
    catalogue_write(catalogue)
    waiting = sum(1 for message in catalogue if message.id and not is_translated(message))
    place = CATALOGUE.relative_to(ROOT)
    sys.stdout.write(f"{place}: {len(catalogue)} messages, {waiting} wait for a translation\n")


if __name__ == "__main__":
    main()
