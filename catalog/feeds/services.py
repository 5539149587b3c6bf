"""Making the feed for merchants."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from catalog.exchange.shopper import reckoning_in
from catalog.feeds.addresses import CODES
from catalog.feeds.items import batch_read, items_made
from catalog.feeds.locks import feed_lock
from catalog.feeds.merchant_xml import FeedWriter
from catalog.feeds.models import RUNS_KEPT, FeedProblem, FeedRun
from catalog.feeds.selectors import run_last
from catalog.feeds.storage import feed_drop, feed_is_there, feed_store
from catalog.models import Product

CHUNK = 500  # families that are read together
PROBLEMS_AT_MOST = 20_000  # that are kept of one run


def merchant_feed_make() -> FeedRun | None:
    """Make the file of every language anew; ``None`` when another process is at it.

    Readers get the last one until all are finished. Memory does not grow with the number of
    products. What goes wrong is written into the run and raised.
    """
    with feed_lock() as is_ours:
        if not is_ours:
            return None
        run = FeedRun.objects.create()
        try:
            with reckoning_in(settings.OSCAR_DEFAULT_CURRENCY):
                _make(run)
        except Exception as error:
            run.error = f"{type(error).__name__}: {error}"[:300]
            run.finished_at = timezone.now()
            run.save(update_fields=["error", "finished_at"])
            raise
        return run


def _make(run: FeedRun) -> None:
    problems: list[FeedProblem] = []
    with tempfile.TemporaryDirectory() as folder:
        writers = []
        for code in CODES:
            with override(code):
                writers.append(FeedWriter(Path(folder) / f"google-{code}.xml", language=code))
        for families in _families():
            with override(CODES[0]):
                batch = batch_read(families)
            for writer in writers:
                with override(writer.language):
                    count = writer.add(items_made(batch, language=writer.language))
            run.items += count
            run.left_out += sum(is_left_out for _pk, _flaw, is_left_out in batch.flaws)
            problems += [
                FeedProblem(run=run, product_id=pk, flaw=flaw, is_left_out=is_left_out)
                for pk, flaw, is_left_out in batch.flaws
            ][: PROBLEMS_AT_MOST - len(problems)]
        old = run_last()
        run.files = {writer.language: _kept(writer, old) for writer in writers}
    run.finished_at = timezone.now()
    _finish(run, problems)


def _families() -> Iterator[list[Product]]:
    """What shoppers may browse, some at a time, by key."""
    last = 0
    while True:
        shown = Product.objects.browsable().filter(pk__gt=last).order_by("pk")
        families = list(shown.select_related("product_class", "facts__brand")[:CHUNK])
        if not families:
            return
        yield families
        last = families[-1].pk


def _kept(writer: FeedWriter, old: FeedRun | None) -> dict:
    """What the run says of a file. The last one stays when nothing in it has changed."""
    digest = writer.close()
    before = old.files.get(writer.language) if old else None
    if before and before["digest"] == digest and feed_is_there(before["name"]):
        return before
    return {
        "name": feed_store(writer.path, name=f"google-{writer.language}-{digest}.xml"),
        "digest": digest,
        "bytes": writer.bytes,
        "made_at": timezone.now().isoformat(),
    }


def _finish(run: FeedRun, problems: list[FeedProblem]) -> None:
    """From here on readers get the new files; those of the run before it stay for who reads them."""
    with transaction.atomic():
        FeedProblem.objects.exclude(run=run).delete()
        existing = set(
            Product.objects.filter(pk__in=[one.product_id for one in problems]).values_list(
                "pk", flat=True
            )
        )
        FeedProblem.objects.bulk_create(
            [one for one in problems if one.product_id in existing], batch_size=2000
        )
        run.save()
    runs = list(FeedRun.objects.all())
    good = [one for one in runs if one.files and not one.error]
    in_use = {file["name"] for one in good[:2] for file in one.files.values()}
    for one in good[2:]:
        for file in one.files.values():
            if file["name"] not in in_use:
                feed_drop(file["name"])
    FeedRun.objects.filter(pk__in=[one.pk for one in runs[RUNS_KEPT:]]).delete()
