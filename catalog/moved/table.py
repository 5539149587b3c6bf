"""Redirects as a table of old and new address: pasted or uploaded, all of it or nothing."""

import csv
import io
from collections.abc import Mapping

from django.utils.translation import gettext as _

from catalog.moved.exceptions import RedirectsRefused
from catalog.moved.paths import is_page, path_is_closed, path_typed, target_typed
from catalog.moved.selectors import leads_round

MOST_ROWS = 5_000
MOST_ERRORS = 20  # told at once
HEADS = {"old", "old_path", "from", "旧地址"}


def pair_read(old: str, new: str) -> tuple[str, str]:
    """Both addresses as they are kept. Raises ``RedirectsRefused`` with one sentence."""
    source, target = path_typed(old), target_typed(new)
    if not source:
        raise RedirectsRefused(
            [_("“%(path)s” is no address of this shop; begin with one slash") % {"path": old[:60]}]
        )
    if source == "/" or path_is_closed(source):
        raise RedirectsRefused([_("nobody may be led away from %(path)s") % {"path": source[:60]}])
    if not target:
        raise RedirectsRefused(
            [_("“%(path)s” is no page of this shop; begin with one slash") % {"path": new[:60]}]
        )
    if source == target.partition("?")[0]:
        raise RedirectsRefused([_("%(path)s would lead to itself") % {"path": source[:60]}])
    return source, target


def targets_check(pairs: Mapping[str, str]) -> dict[str, str]:
    """By old address: what is wrong with where it leads. Four queries at most, for any number."""
    errors = {}
    for old, new in pairs.items():
        path = new.partition("?")[0]
        if not is_page(path) and path not in pairs:
            errors[old] = _("this shop has no page %(path)s") % {"path": path[:60]}
    for old in leads_round(pairs):
        errors[old] = _("%(path)s would lead in a circle") % {"path": old[:60]}
    return errors


def table_read(text: str) -> dict[str, str]:
    """Old address to new. A head and empty lines are passed over.

    Separated by comma, semicolon or tab. Raises ``RedirectsRefused`` with every error and the number
    of its row.
    """
    lines = _lines(text)
    if not lines:
        raise RedirectsRefused([_("There is no row in it.")])
    if len(lines) > MOST_ROWS:
        raise RedirectsRefused([_("At most %(most)d rows at a time.") % {"most": MOST_ROWS}])
    errors: dict[int, str] = {}
    pairs: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for number, cells in lines:
        try:
            old, new = _row(cells)
            if old in pairs:
                raise RedirectsRefused([_("%(path)s stands in it twice") % {"path": old[:60]}])
            pairs[old], numbers[old] = new, number
        except RedirectsRefused as refusal:
            errors[number] = refusal.errors[0]
    errors |= {numbers[old]: error for old, error in targets_check(pairs).items()}
    if errors:
        raise RedirectsRefused(_told(errors))
    return pairs


def _told(errors: Mapping[int, str]) -> list[str]:
    rows = [
        _("Row %(number)d: %(error)s") % {"number": number, "error": errors[number]}
        for number in sorted(errors)
    ]
    more = len(rows) - MOST_ERRORS
    return [*rows[:MOST_ERRORS], _("and %(more)d more") % {"more": more}] if more > 0 else rows


def _row(cells: list[str]) -> tuple[str, str]:
    if len(cells) != 2:
        raise RedirectsRefused([_("the old and the new address are wanted")])
    return pair_read(*cells)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Numbered from 1, as a spreadsheet does."""
    if "\x00" in text:
        raise RedirectsRefused([_("This is not a table of text.")])
    head = text.partition("\n")[0]
    delimiter = next((mark for mark in "\t;," if mark in head), ",")
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise RedirectsRefused([_("This table cannot be read.")]) from error
    lines = []
    for number, row in enumerate(table, start=1):
        cells = [cell.strip() for cell in row]
        if any(cells) and not (number == 1 and cells[0].lower() in HEADS):
            lines.append((number, cells))
    return lines
