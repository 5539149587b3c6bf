"""Tables as spreadsheets (XLSX) that leave while they are written: one row in memory at a time.

An XLSX file is a ZIP of a few XML files; ours has one sheet without styles. Libraries (openpyxl, which
reads what people bring) have the whole file on disk before its first byte can leave: minutes for a
million rows. Text is written into its cell as text, so no spreadsheet takes it for a formula.
"""

import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import RawIOBase
from typing import Any
from xml.sax.saxutils import escape

from django.http import StreamingHttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 64_000  # bytes of XML that are packed together
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OPEN = "http://schemas.openxmlformats.org"
MAIN = f"{OPEN}/spreadsheetml/2006/main"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{OPEN}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{OPEN}/package/2006/relationships"><Relationship Id="rId1"'
    f' Type="{OPEN}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OPEN}/officeDocument/2006/relationships">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{OPEN}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OPEN}/officeDocument/2006/relationships/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}


class _Pipe(RawIOBase):
    """What is written waits here until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        return len(data)

    def taken(self) -> bytes:
        data, self.waiting = bytes(self.waiting), bytearray()
        return data


def xlsx_response(
    *, name: str, head: list[str], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """A download that streams, as `shop.core.office.csv_response` does."""
    response = StreamingHttpResponse(xlsx_pieces(head, rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def xlsx_pieces(head: list[str], rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """The file, piece by piece."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in PARTS.items():
            archive.writestr(path, HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            text = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{_row(head)}'
            for row in rows:
                text += _row(row)
                if len(text) > AT_ONCE:
                    sheet.write(text.encode())
                    text = ""
                    if pipe.waiting:
                        yield pipe.taken()
            sheet.write(f"{text}</sheetData></worksheet>".encode())
    yield pipe.taken()


def _row(cells: Iterable[object]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: object) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    text = "" if value is None else str(value)
    legal = "".join(letter for letter in text[:32_000] if letter >= " " or letter in "\t\n")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(legal)}</t></is></c>'
