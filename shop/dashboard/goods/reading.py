"""Reading a table that somebody sent: CSV or XLSX, never more of it than agreed.

An XLSX is a zip of XML: what it claims to unpack to is bounded before anything is unpacked, its
rows are read one after the other, and entities are refused (defusedxml).
"""

import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import ParseError  # only the name of what can go wrong

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from shop.core.office import csv_safe
from shop.dashboard.goods.exceptions import JobRefused

MOST_BYTES = 20 * 1024 * 1024  # as it is sent
MOST_UNPACKED = 150 * 1024 * 1024  # of all files in an XLSX together
MOST_PARTS = 500  # files in an XLSX
MOST_ROWS = 20_000
MOST_GAPS = 5  # lines of a file for each row that it may have
MOST_COLUMNS = 100
MOST_LETTERS = 50_000  # in one cell
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    RuntimeError,  # with a password, or packed in a way that is not known
)

csv.field_size_limit(MOST_LETTERS * 4)


def table_read(file: IO[bytes], *, rows: int = MOST_ROWS) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers as a spreadsheet counts them; empty ones are passed over.

    Raises ``JobRefused`` when it is no table, or one that is too large.
    """
    file.seek(0)
    is_zip = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    lines = _xlsx(file) if is_zip else _csv(file)
    count = 0
    for number, cells in lines:
        cells = [_plain(cell) for cell in cells[:MOST_COLUMNS]]
        count += any(cells)
        # A spreadsheet may number its second row a billion; the gap is read as empty rows.
        if count > rows + 1 or number > (rows + 1) * MOST_GAPS:
            raise JobRefused(_("At most %(most)d rows at a time.") % {"most": rows})
        if not any(cells):
            continue
        yield number, cells


def table_head(file: IO[bytes], *, examples: int = 3) -> tuple[list[str], list[list[str]]]:
    """The first row, and some of those that follow. Raises ``JobRefused`` for an empty table."""
    lines = [cells for _number, cells in itertools.islice(table_read(file), examples + 1)]
    if len(lines) < 2:
        raise JobRefused(_("There is no row in it below the head."))
    return lines[0], lines[1:]


def _csv(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        head = text.readline(10_000)
        if "\x00" in head:
            raise JobRefused(_("This is not a table of text."))
        text.seek(0)
        delimiter = max(",;\t", key=head.count)
        yield from enumerate(csv.reader(text, delimiter=delimiter), start=1)
    except UnicodeDecodeError as error:
        raise JobRefused(_("This file is not UTF-8 text.")) from error
    except csv.Error as error:
        raise JobRefused(_("This table cannot be read.")) from error
    finally:
        if not file.closed:  # a table that is not read to its end is cleared away after its file
            text.detach()


def _xlsx(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    book = None
    try:
        with zipfile.ZipFile(file) as parts:
            infos = parts.infolist()
        unpacked = sum(info.file_size for info in infos)
        if len(infos) > MOST_PARTS or unpacked > MOST_UNPACKED:
            raise JobRefused(_("This file is too large when it is unpacked."))
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be so
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        for number, values in enumerate(rows, start=1):
            yield number, [_text(value) for value in values]
    except BROKEN as error:
        raise JobRefused(_("This spreadsheet cannot be read.")) from error
    finally:
        if book is not None:
            book.close()


def _plain(cell: str) -> str:
    """Without the mark of `csv_safe`, which keeps spreadsheets from taking a text for a formula."""
    text = cell[:MOST_LETTERS].replace("\x00", "").strip()
    return text[1:] if text[:1] == "'" and text[1:] != csv_safe(text[1:]) else text


def _text(value: object) -> str:
    """As a person sees it: 12.0 is 12, and a long number keeps its digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value)
