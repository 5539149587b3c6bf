"""Tables written as plain text: one line per row, cells between ``|``, the first line is the head."""

COLUMNS_AT_MOST, ROWS_AT_MOST = 12, 60


def table_read(text: str) -> tuple[list[str], list[list[str]]]:
    """The head and the rows, each as long as the head. Nothing for no table."""
    lines = [cells[:COLUMNS_AT_MOST] for cells in _lines(text)][: ROWS_AT_MOST + 1]
    if not lines:
        return [], []
    head, *rows = lines
    wide = len(head)
    return head, [(row + [""] * wide)[:wide] for row in rows]


def table_problem(text: str) -> int | None:
    """The number of the first line that does not fit the head, 0 for too much; None: all is well."""
    lines = _lines(text)
    if not lines:
        return None
    wide = len(lines[0])
    if len(lines) > ROWS_AT_MOST + 1 or wide > COLUMNS_AT_MOST:
        return 0
    return next((number for number, row in enumerate(lines, 1) if len(row) != wide), None)


def _lines(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.strip()
    ]
