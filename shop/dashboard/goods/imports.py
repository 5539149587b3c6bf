"""An import as a job: the table becomes rows, each is checked, then written."""

from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from catalog.models import ProductAttribute
from shop.dashboard.goods.checking import Checker, Planned
from shop.dashboard.goods.columns import ATTRIBUTE, BY_CODE, FAMILY_COLUMNS
from shop.dashboard.goods.exceptions import JobRefused, RowRefused
from shop.dashboard.goods.lookups import Known, Shelves
from shop.dashboard.goods.models import Job, JobRow, Outcome
from shop.dashboard.goods.reading import table_read
from shop.dashboard.goods.writing import planned_write
from supply.exceptions import OutOfStock, SupplyRefused
from supply.rights import may_take_away

CHUNK = 500  # rows of one transaction
SHOWN_MOST = 200
TWICE = "_twice"  # in a row's cells: the number of the row that says its SKU first
BOOK_STOCK = "supply.add_stockmovement"


class ImportWork:
    """See `jobs.Work`."""

    chunk = CHUNK

    def read(self, job: Job) -> None:
        """The file's rows by the job's mapping; what a family's first row says holds for all of it."""
        codes: list[str] = job.told["columns"]
        seen: dict[str, int] = {}
        families: dict[str, dict[str, str]] = {}
        rows = []
        with job.file.open("rb") as file:
            table = table_read(file)
            next(table, None)
            for number, cells in table:
                row = {
                    code: cell for code, cell in zip(codes, cells, strict=False) if code and cell
                }
                sku = row.get("sku", "")
                if sku and sku in seen:
                    row[TWICE] = str(seen[sku])
                elif sku:
                    seen[sku] = number
                if family := row.get("family"):
                    first = families.setdefault(family, {})
                    for code in FAMILY_COLUMNS:
                        if code in row:
                            first.setdefault(code, row[code])
                rows.append(JobRow(job=job, number=number, data=row))
        if not rows:
            raise JobRefused(_("There is no row in it below the head."))
        for one in rows:
            one.data |= families.get(one.data.get("family", ""), {})
            label = one.data.get("sku") or one.data.get("title_en") or ""
            one.label = str(label)[:SHOWN_MOST]
        job.rows.all().delete()
        JobRow.objects.bulk_create(rows, batch_size=2000)
        job.total, job.done = len(rows), 0

    def check(self, job: Job, rows: Sequence[JobRow]) -> None:
        for row, planned in self._look(job, rows):
            _say(row, planned)

    def run(self, job: Job, rows: Sequence[JobRow]) -> None:
        """Everything is looked at again: what was checked may have changed since."""
        found = self._look(job, rows)
        todo = [(row, one) for row, one in found if one is not None and (one.changed or one.is_new)]
        for row, planned in found:
            _say(row, planned)
        try:
            planned_write(
                [planned for _row, planned in todo],
                source=f"import:{job.pk}",
                user=job.created_by,
                note=job.name[:200],
            )
        except OutOfStock as error:
            units = max(error.shortages.values())
            raise RowRefused(_("Orders hold %(units)d units of it.") % {"units": units}) from error
        except SupplyRefused as refusal:  # units came between the look and the writing
            raise RowRefused(refusal.message) from refusal
        except IntegrityError as error:
            raise RowRefused(_("Somebody else wrote the same at this moment.")) from error
        for row, planned in todo:
            row.product = planned.product

    def _look(self, job: Job, rows: Sequence[JobRow]) -> list[tuple[JobRow, Planned | None]]:
        """Each row with what it would do; None, and the reason in the row, where that cannot be."""
        known = Known(row.data for row in rows)
        checker = Checker(
            Shelves(),
            known,
            currency=settings.OSCAR_DEFAULT_CURRENCY,
            may_stock=job.created_by is not None and job.created_by.has_perm(BOOK_STOCK),
            may_fewer=may_take_away(job.created_by),
        )
        found: list[tuple[JobRow, Planned | None]] = []
        barcodes: dict[str, int] = {}
        for row in rows:
            cells = {code: text for code, text in row.data.items() if code != TWICE}
            try:
                if first := row.data.get(TWICE):
                    raise RowRefused(_("Row %(number)s says this SKU already.") % {"number": first})
                barcode = cells.get("barcode", "")
                if barcode and barcodes.setdefault(barcode, row.number) != row.number:
                    raise RowRefused(
                        _("Row %(number)s says this bar code already.")
                        % {"number": barcodes[barcode]}
                    )
                found.append((row, checker.plan(cells)))
            except RowRefused as refusal:
                row.outcome, row.message = Outcome.WRONG, str(refusal)
                row.after = ""
                found.append((row, None))
        return found


def _say(row: JobRow, planned: Planned | None) -> None:
    """What a row would do, in words."""
    if planned is None:
        return
    row.message, row.product = "", planned.product
    if planned.is_new:
        row.outcome = Outcome.NEW
    else:
        row.outcome = Outcome.CHANGED if planned.changed else Outcome.SAME
    row.after = ", ".join(_named(code) for code in planned.changed)[:SHOWN_MOST]


def _named(code: str) -> str:
    column = BY_CODE.get(code)
    return str(column.label) if column else code.removeprefix(ATTRIBUTE)


def attribute_codes() -> list[str]:
    """Of all product types, each once."""
    rows = ProductAttribute.objects.exclude(product_class=None).order_by("code")
    return list(rows.values_list("code", flat=True).distinct())
