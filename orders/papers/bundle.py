"""What goes with many parcels in one file to print: for each order its label, then its packing slip."""

from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from orders.carriers.models import Label
from orders.carriers.states import ParcelState
from orders.models import Order
from orders.papers.printing import print_pdf
from orders.papers.slips import MOST, orders_to_send, slips_data


def bundle_pdf(*, order_ids: Sequence[int]) -> bytes | None:
    """The labels of all, order by order, then the slips in the same order; None if nothing is sent.

    At most ``MOST`` orders. Raises ``PrintingFailed``.
    """
    numbers = Order.objects.filter(pk__in=list(order_ids)[:MOST]).values_list("number", flat=True)
    orders = orders_to_send(numbers)
    if not orders:
        return None
    labels = (
        Label.objects.filter(order__in=orders, state__in=(ParcelState.BOUGHT, ParcelState.HANDED))
        .order_by("order__date_placed", "order", "pk")
        .values_list("pdf", flat=True)
    )
    writer = PdfWriter()
    for pdf in labels:
        if pdf:
            writer.append(PdfReader(BytesIO(bytes(pdf))))
    newest = max(order.date_placed for order in orders)
    slips = print_pdf(layout="slips", data=slips_data(orders), at=newest)
    writer.append(PdfReader(BytesIO(slips)))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
