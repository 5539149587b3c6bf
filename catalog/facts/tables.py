"""Tables written as plain text: one line per row, cells between ``|``, the first line is the head."""

COLUMNS_AT_MOST, ROWS_AT_MOST = 12, 60


def table_read(text: str) -> tuple[list[str], list[list[str]]]:
    """The head and the rows, each as long as the head. Nothing for no table."""
    lines = [
        [cell.strip() for cell in line.strip().strip("|").split("|")][:COLUMNS_AT_MOST]
        for line in text.splitlines()
        if line.strip()
    ][: ROWS_AT_MOST + 1]
    if not lines:
        return [], []
    head, *rows = lines
    wide = len(head)
    return head, [(row + [""] * wide)[:wide] for row in rows]
