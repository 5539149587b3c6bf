"""Spreadsheets for the accountant: amounts are numbers, text is never a formula."""

import tempfile
from collections.abc import Iterable
from decimal import Decimal
from typing import IO

from django.http import FileResponse, HttpResponseBase
from openpyxl import Workbook

from shop.core.office import csv_safe

SPOOLED = 5_000_000  # bytes that stay in memory
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(
    *, name: str, head: list[str], rows: Iterable[Iterable[object]]
) -> HttpResponseBase:
    """A download, one row in memory at a time; the file is whole before the first byte is sent."""
    # The answer closes it when it is sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115
    book = Workbook(write_only=True)
    sheet = book.create_sheet("ledger")
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(value) for value in row])
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _cell(value: object) -> object:
    if isinstance(value, Decimal | int):
        return value
    return "".join(one for one in csv_safe(value) if one >= " " or one in "\t\n\r")
