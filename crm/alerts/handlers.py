"""What follows when stock moves, and when somebody asks to be told."""

from catalog.models import Product
from crm.alerts import services
from shop.core.events import StockAlertAsked, StockChanged
from shop.core.outbox import on


@on(StockAlertAsked)
def on_stock_alert_asked(*, product_id: int, email: str, language: str) -> None:
    """Looked up here, after the answer was given: the page cannot tell who waits already."""
    if Product.objects.filter(pk=product_id).exists():
        services.alert_ask(product_id=product_id, email=email, language=language)


@on(StockChanged)
def on_stock_changed(*, stock_record_ids: list[int], **facts: object) -> None:
    products = Product.objects.filter(stockrecords__in=stock_record_ids, stock_alerts__state="open")
    services.alerts_send(product_ids=products.order_by().values_list("pk", flat=True).distinct())
