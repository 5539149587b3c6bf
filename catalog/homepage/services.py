"""Arranging the home page and writing notices. Whoever changes says what was seen; late ones are told.

The draft's pages are nobody's, so only publishing drops kept pages.
"""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog.content.markup import html_made, names_in
from catalog.content.services import families_named
from catalog.homepage.exceptions import ChangedMeanwhile, HomeRefused
from catalog.homepage.locks import board_lock, notice_lock
from catalog.homepage.models import Block, Board, Edition, Kind, Notice
from catalog.homepage.selectors import HOME, draft_blocks
from catalog.homepage.usual import usual_blocks
from shop.core.nearby import nearby_forget
from shop.core.pagecache import SITE, drop

LANGUAGES = [code.replace("-", "_") for code, _name in settings.LANGUAGES]
BLOCKS_AT_MOST = 40
EDITIONS_KEPT = 20
NOT_COPIED = {"id", "edition", "position"}


@transaction.atomic
def block_add(block: Block, *, user_id: int | None) -> Block:
    """Put it at the end of the draft. Raises ``HomeRefused`` when there are too many."""
    board = board_lock()
    rows = draft_blocks()
    if len(rows) >= BLOCKS_AT_MOST:
        raise HomeRefused(
            _("A home page has %(count)d blocks at most.") % {"count": BLOCKS_AT_MOST}
        )
    block.key, block.edition, block.version = uuid.uuid4(), None, 1
    block.position = max((row.position for row in rows), default=-1) + 1
    _block_write(block, user_id=user_id)
    _board_changed(board)
    return block


@transaction.atomic
def block_save(block: Block, *, seen: int, user_id: int | None) -> Block:
    """Write a block of the draft. ``seen``: the version that was on the screen.

    Raises ``ChangedMeanwhile`` when it is another by now or gone.
    """
    board = board_lock()
    now = _draft().filter(pk=block.pk).values("version", "position", "is_shown").first()
    if now is None or now["version"] != seen:
        raise ChangedMeanwhile
    block.version, block.position, block.is_shown = seen + 1, now["position"], now["is_shown"]
    _block_write(block, user_id=user_id)
    _board_changed(board)
    return block


@transaction.atomic
def block_show(*, pk: int, is_shown: bool, user_id: int | None) -> None:
    """Show it with the next publishing, or leave it out. Safe to repeat."""
    board = board_lock()
    if (
        _draft()
        .filter(pk=pk, is_shown=not is_shown)
        .update(is_shown=is_shown, updated_by_id=user_id)
    ):
        _board_changed(board)


@transaction.atomic
def block_move(*, pk: int, step: int) -> None:
    """One place up (``step`` -1) or down (1). At the end nothing happens."""
    board = board_lock()
    rows = draft_blocks()
    place = next((n for n, row in enumerate(rows) if row.pk == pk), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    rows[place], rows[place + step] = rows[place + step], rows[place]
    _positions_write(rows)
    _board_changed(board)


@transaction.atomic
def blocks_arrange(ids: Iterable[int], *, seen: int) -> None:
    """The draft's blocks in the order of ``ids``. ``seen``: the board's version on the screen.

    Raises ``ChangedMeanwhile`` when it is another by now, or ``ids`` are not all of its blocks.
    """
    board = board_lock()
    rows = {row.pk: row for row in draft_blocks()}
    ids = list(ids)
    if list(rows) == ids:
        return
    if board.version != seen or sorted(ids) != sorted(rows):
        raise ChangedMeanwhile
    _positions_write([rows[pk] for pk in ids])
    _board_changed(board)


@transaction.atomic
def block_delete(*, pk: int) -> Block | None:
    """Take it out of the draft; None when it is gone already."""
    board = board_lock()
    block = _draft().filter(pk=pk).first()
    if block is not None:
        block.delete()
        _board_changed(board)
    return block


@transaction.atomic
def home_publish(*, seen: int, user_id: int | None) -> Edition:
    """Readers get the draft. ``seen``: the board's version on the screen.

    Raises ``ChangedMeanwhile`` when it is another by now, ``HomeRefused`` when nothing would be shown.
    A second click finds the edition of the first.
    """
    board = board_lock()
    if board.version != seen:
        raise ChangedMeanwhile
    rows = draft_blocks()
    if not any(row.is_shown for row in rows):
        raise HomeRefused(_("There is nothing to show: show at least one block first."))
    latest = Edition.objects.first()
    if latest is not None and board.published == board.version:
        return latest
    edition = Edition.objects.create(published_by_id=user_id)
    _copy(rows, edition=edition)
    board.published = board.version
    board.save(update_fields=["published"])
    old = Edition.objects.values_list("pk", flat=True)[EDITIONS_KEPT:]
    Edition.objects.filter(pk__in=list(old)).delete()
    _home_changed()
    return edition


@transaction.atomic
def draft_reset(*, edition: Edition | None, seen: int, user_id: int | None) -> None:
    """The draft becomes what ``edition`` says; None: the home page that a new shop has.

    Raises ``ChangedMeanwhile`` when the board is not the one that was ``seen``.
    """
    board = board_lock()
    if board.version != seen:
        raise ChangedMeanwhile
    rows = list(edition.blocks.all()) if edition is not None else usual_blocks()
    for block in _draft():
        block.delete()
    _copy(rows, edition=None, user_id=user_id)
    _board_changed(board)
    if edition is not None and edition == Edition.objects.first():
        Board.objects.filter(pk=board.pk).update(published=board.version)


@transaction.atomic
def home_begin() -> None:
    """A shop without a board gets the usual home page, published. Safe to repeat."""
    if not Board.objects.exists():
        board_lock()
        _copy(usual_blocks(), edition=None)
        _copy(usual_blocks(), edition=Edition.objects.create())
        _home_changed()


@transaction.atomic
def notice_save(notice: Notice, *, seen: int, user_id: int | None) -> Notice:
    """``seen``: the version on the screen, 0 for a new one. Raises ``ChangedMeanwhile``."""
    if notice.pk:
        now = notice_lock(notice.pk)
        if now is None or now.version != seen:
            raise ChangedMeanwhile
        said = [*(f"text_{code}" for code in LANGUAGES), "link"]
        if any(getattr(notice, name) != getattr(now, name) for name in said):
            notice.wording = now.wording + 1
        notice.version = seen + 1
    notice.updated_by_id = user_id
    notice.save()
    _notices_changed()
    return notice


@transaction.atomic
def notice_delete(*, pk: int) -> Notice | None:
    """None when it is gone already."""
    notice = notice_lock(pk)
    if notice is not None:
        notice.delete()
        _notices_changed()
    return notice


def html_write(block: Block) -> None:
    """Make the HTML of its text, in each language. Nothing is saved."""
    texts = {code: getattr(block, f"text_{code}") or "" for code in LANGUAGES}
    is_long = block.kind == Kind.TEXT
    families = families_named(name for text in texts.values() for name in names_in(text))
    for code, text in texts.items():
        html = html_made(text, families=families) if text and is_long else None
        setattr(block, f"text_html_{code}", html)
    block.text_html_en = block.text_html_en or ""


def _block_write(block: Block, *, user_id: int | None) -> None:
    html_write(block)
    block.updated_by_id = user_id
    block.save()


def _draft() -> QuerySet[Block]:
    return Block.objects.filter(edition=None)


def _positions_write(rows: list[Block]) -> None:
    for position, row in enumerate(rows):
        row.position = position
    Block.objects.bulk_update(rows, ["position"])


def _copy(
    rows: Iterable[Block], *, edition: Edition | None, user_id: int | None = None
) -> list[Block]:
    """Blocks like ``rows``, in their order, into an edition or the draft."""
    names = [one.attname for one in Block._meta.concrete_fields if one.name not in NOT_COPIED]
    copies = []
    for position, row in enumerate(rows):
        copy = Block(edition=edition, position=position)
        for name in names:
            setattr(copy, name, getattr(row, name))
        if edition is None:
            copy.updated_by_id = user_id
        copies.append(copy)
    return Block.objects.bulk_create(copies)


def _board_changed(board: Board) -> None:
    board.version += 1
    board.save(update_fields=["version"])


def _home_changed() -> None:
    transaction.on_commit(nearby_forget)
    drop(HOME)


def _notices_changed() -> None:
    transaction.on_commit(nearby_forget)
    drop(SITE)
