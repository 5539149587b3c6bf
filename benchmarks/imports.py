"""Bringing in a table of products: reading, checking, writing, and the same file once more."""

import io
import time
from collections.abc import Callable
from uuid import uuid4

from benchmarks import catalogue
from benchmarks.report import table

HEAD = ("step", "rows", "seconds", "rows/s")
WRONG = 3  # rows that cannot come in
VARIANTS = 4  # of each second family


def run(*, rows: int, skus: int) -> str:
    """A catalogue of ``skus``, then ``rows`` more by a file, as CSV and as XLSX; the table of times."""
    from catalog.models import Product, ProductClass
    from shop.core.sheets import xlsx_pieces
    from shop.dashboard.goods import exporting
    from shop.dashboard.goods.models import Outcome

    catalogue.load(skus=skus)
    kind = ProductClass.objects.filter(kind="goods").order_by("pk").first()
    head, lines = _goods(rows, kind.slug)
    before = Product.objects.count()
    text = io.StringIO()
    text.write("\n".join(",".join(line) for line in (head, *lines)))
    book = b"".join(xlsx_pieces(head, lines))

    times: list[tuple[str, int, float]] = []
    job = _job("goods.csv", text.getvalue().encode(), head)
    times.append(("check (CSV)", rows, _timed(lambda: _step(job, "checking"))))
    times.append(
        ("write, with prices, lists and search", rows, _timed(lambda: _step(job, "running")))
    )
    wrong = job.rows.filter(outcome=Outcome.WRONG).count()
    new = Product.objects.count() - before
    again = _job("goods.xlsx", book, head)
    times.append(("check the same again (XLSX)", rows, _timed(lambda: _step(again, "checking"))))
    same = again.rows.filter(outcome=Outcome.SAME).count()
    ids = list(Product.objects.exclude(structure="child").values_list("pk", flat=True))
    seconds = _timed(lambda: b"".join(xlsx_pieces(head, exporting.export_rows(ids))))
    times.append(("export all (XLSX)", skus + rows, seconds))
    shown = [(name, count, f"{took:.1f}", f"{count / took:,.0f}") for name, count, took in times]
    return (
        table(HEAD, shown)
        + f"\n\n{new} products made, {wrong} rows named as wrong, {same} as they were the second time;"
        f" {sum(took for _name, _count, took in times[:2]):.1f} s from the file to the shop."
    )


def _goods(rows: int, kind: str) -> tuple[list[str], list[list[str]]]:
    """Half of them alone, half as variants of families; ``WRONG`` without a price."""
    head = ["sku", "family", "type", "title_en", "title_zh", "price", "stock", "barcode"]
    lines = []
    for number in range(rows):
        family = f"IMP-{number // VARIANTS}" if number % (2 * VARIANTS) < VARIANTS else ""
        is_wrong = number in range(7, 7 + WRONG * 1000, 1000)
        price = "" if is_wrong else f"{5 + number % 90}.50"
        title, chinese = f"Imported thing {number}", f"导入的商品{number}"
        lines.append(
            [
                f"IMP{number:06}",
                family,
                kind,
                title,
                chinese,
                price,
                str(number % 50),
                f"29{number:011}",
            ]
        )
    return head, lines


def _job(name: str, data: bytes, head: list[str]):
    from django.core.files.base import ContentFile

    from crm.accounts.models import User
    from shop.dashboard.goods import jobs
    from shop.dashboard.goods.models import JobKind

    owner, _is_new = User.objects.get_or_create(
        email="bench@example.com", defaults={"is_staff": True, "is_superuser": True}
    )
    return jobs.job_make(
        kind=JobKind.IMPORT,
        told={"heads": head, "columns": head, "language": "en"},
        key=uuid4(),
        user_id=owner.pk,
        name=name,
        file=ContentFile(data),
    )


def _step(job, state: str) -> None:
    from shop.dashboard.goods import jobs

    jobs.job_step(pk=job.pk, state=state)
    jobs.job_move(pk=job.pk)
    job.refresh_from_db()
    if job.is_moving or job.problem:
        raise RuntimeError(job.problem or f"the job is still {job.state}")


def _timed(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start
