"""Reading what was handed over, for the order's page, its mails and the back office."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.kinds.models import NextSteps
from catalog.models import Kind
from orders.handover.links import grant_path
from orders.handover.models import DownloadGrant, ServiceJob
from orders.models import Line, Order
from orders.whole import lines_shared
from payments.wallets.links import card_path
from payments.wallets.models import GiftCard
from shop.core.prepared import INTEGER, Prepared


@dataclass(frozen=True)
class GrantView:
    grant: DownloadGrant
    path: str

    @property
    def size(self) -> int:
        return self.grant.file.size


@dataclass(frozen=True)
class JobView:
    """``next_steps``: what the shop wrote about it, in the reader's language."""

    job: ServiceJob
    title: str
    next_steps: str


@dataclass(frozen=True)
class CardView:
    card: GiftCard
    path: str


@dataclass(frozen=True)
class Handover:
    """All that an order gives without a parcel."""

    grants: list[GrantView]
    jobs: list[JobView]
    cards: list[CardView]

    def __bool__(self) -> bool:
        return bool(self.grants or self.jobs or self.cards)


def lines_with_kinds(order: Order) -> list[Line]:
    shared = lines_shared(order)
    return _lines_of.read(order=order.pk) if shared is None else shared


_lines_of: Prepared[Line] = Prepared(
    lambda order: (
        Line.objects.filter(order=order)
        .select_related("product__product_class", "product__parent__product_class")
        .order_by("pk")
    ),
    order=INTEGER,
)


def gives_something() -> Q:
    """To annotate orders with: whether `handover_of` one is something."""
    mine = {"order_line__order": OuterRef("pk")}
    grants, jobs = DownloadGrant.objects.filter(**mine), ServiceJob.objects.filter(**mine)
    return Exists(grants) | Exists(jobs) | Exists(GiftCard.objects.filter(**mine))


_gives: Prepared[tuple[int]] = Prepared(
    lambda order: Order.objects.filter(gives_something(), pk=order).values_list("pk"),
    order=INTEGER,
)

#: What an order of goods alone gives without a parcel.
NOTHING = Handover([], [], [])


def kind_of_line(line: Line) -> Kind:
    """Of what was sold; goods where the product is gone."""
    return Kind(line.product.get_product_class().kind) if line.product else Kind.GOODS


def handover_of(order: Order) -> Handover:
    """One query for an order of goods alone, four for others."""
    if not _gives.read(order=order.pk):
        return NOTHING
    grants = DownloadGrant.objects.filter(order_line__order=order).select_related("file")
    jobs = ServiceJob.objects.filter(order_line__order=order).select_related(
        "order_line__product__parent"
    )
    cards = GiftCard.objects.filter(order_line__order=order).select_related("wallet")
    return Handover(
        grants=[GrantView(one, grant_path(one)) for one in grants],
        jobs=_job_views(jobs),
        cards=[CardView(one, card_path(one)) for one in cards.order_by("pk")],
    )


def _job_views(jobs: Iterable[ServiceJob]) -> list[JobView]:
    jobs = list(jobs)
    products = [job.order_line.product for job in jobs if job.order_line.product]
    ids = {pk for one in products for pk in (one.pk, one.parent_id) if pk}
    texts = {row.pk: row.text for row in NextSteps.objects.filter(pk__in=ids)} if ids else {}
    views = []
    for job in jobs:
        product = job.order_line.product
        title = product.get_title() if product else job.order_line.title
        own = texts.get(product.pk) or texts.get(product.parent_id) if product else ""
        views.append(JobView(job, title, own or ""))
    return views


def grants_shown() -> QuerySet[DownloadGrant]:
    """Newest first, ready for a list."""
    return DownloadGrant.objects.select_related("file", "order_line__order__user").order_by("-pk")


def jobs_shown(*, is_open: bool) -> QuerySet[ServiceJob]:
    rows = ServiceJob.objects.select_related(
        "order_line__order__user", "order_line__product__parent", "done_by"
    )
    if is_open:
        rows = rows.filter(done_at__isnull=True, cancelled_at__isnull=True)
        return rows.order_by("pk")
    return rows.order_by("-pk")
