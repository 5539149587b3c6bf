"""The only place that locks the draft of the home page, and notices. Nothing else with it."""

from catalog.homepage.models import Board, Notice

ONLY = 1


def board_lock() -> Board:
    """Whoever changes or publishes the draft waits here for the others. Call inside the transaction."""
    Board.objects.bulk_create([Board(pk=ONLY)], ignore_conflicts=True)
    return Board.objects.select_for_update().get(pk=ONLY)


def notice_lock(pk: int) -> Notice | None:
    """None when it is gone. Call inside the transaction."""
    return Notice.objects.select_for_update(of=("self",)).filter(pk=pk).first()
