"""Two operators at one home page: nobody overwrites the other, nothing is lost, one edition."""

from functools import partial

import pytest

from catalog.homepage import services
from catalog.homepage.exceptions import ChangedMeanwhile
from catalog.homepage.models import Block, Edition, Kind, Notice
from catalog.homepage.selectors import board, draft_blocks
from tests.concurrency.support import at_once, kinds
from tests.homepage.makers import arranged, block_made, notice_made

pytestmark = pytest.mark.req("S3.05")


def _written(pk: int, seen: int, title: str) -> Block:
    block = Block.objects.get(pk=pk)
    block.title_en = title
    return services.block_save(block, seen=seen, user_id=None)


def test_of_eight_who_write_one_block_one_is_kept_and_the_others_are_told() -> None:
    block = block_made(title_en="Old")

    outcomes = at_once(
        *(partial(_written, block.pk, block.version, f"Words {place}") for place in range(8))
    )

    assert kinds(outcomes) == {"Block": 1, ChangedMeanwhile.__name__: 7}
    kept = next(one for one in outcomes if isinstance(one, Block))
    assert Block.objects.get(pk=block.pk).title == kept.title
    assert Block.objects.get(pk=block.pk).version == block.version + 1


def test_without_the_lock_the_later_words_replace_the_earlier_ones() -> None:
    block = block_made(title_en="Old")

    def write(title: str) -> int:
        return Block.objects.filter(pk=block.pk).update(title_en=title)

    outcomes = at_once(*(partial(write, f"Words {place}") for place in range(4)))

    assert outcomes == [1, 1, 1, 1]  # each believes to have been first


def test_of_two_orders_at_once_one_holds() -> None:
    ids = [block.pk for block in arranged("chosen", "newest", "guide", "popular")]
    seen = board().version
    orders = [ids[::-1], [*ids[1:], ids[0]], [ids[-1], *ids[:-1]]]

    outcomes = at_once(*(partial(services.blocks_arrange, one, seen=seen) for one in orders))

    assert kinds(outcomes) == {"NoneType": 1, ChangedMeanwhile.__name__: 2}
    assert [block.pk for block in draft_blocks()] in orders


def test_many_at_the_board_lose_no_block_and_no_place() -> None:
    arranged("chosen", "newest", "guide")  # the first can go down twice, whoever comes first
    before = board().version

    at_once(
        *(partial(block_made, Kind.TEXT, title_en=f"Block {place}") for place in range(6)),
        *(partial(services.block_move, pk=draft_blocks()[0].pk, step=1) for _twice in range(2)),
    )

    assert len(draft_blocks()) == 9
    places = [block.position for block in draft_blocks()]
    assert len(set(places)) == 9
    assert board().version == before + 8


def test_eight_clicks_publish_one_edition() -> None:
    block_made()
    before, seen = Edition.objects.count(), board().version

    outcomes = at_once(*[partial(services.home_publish, seen=seen, user_id=None)] * 8)

    assert kinds(outcomes) == {"Edition": 8}
    assert Edition.objects.count() == before + 1
    assert Edition.objects.first().blocks.count() == len(draft_blocks())


def test_of_two_who_write_one_notice_the_second_is_told() -> None:
    notice = notice_made()

    def write(text: str) -> Notice:
        mine = Notice.objects.get(pk=notice.pk)
        mine.text_en = text
        return services.notice_save(mine, seen=1, user_id=None)

    outcomes = at_once(*(partial(write, f"Words {place}") for place in range(4)))

    assert kinds(outcomes) == {"Notice": 1, ChangedMeanwhile.__name__: 3}
